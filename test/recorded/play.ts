import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import { clientOf, startReceiver } from '../../sandbox/chatwoot/test-support.ts'
import type { WebhookDelivery } from '../../sandbox/chatwoot/webhooks.ts'
import { type RecordedBody, type RecordedVersion, recordedBodies } from './recorded.ts'
import { differences } from './shape.ts'
import type { Ids, Step } from './step.ts'
import { STEPS } from './steps.ts'

type Receiver = Awaited<ReturnType<typeof startReceiver>>
type Stage = {
  chatwoot: ChatwootStandIn
  callback: Receiver
  account: Receiver
  picture: string
  recorded: ReadonlyMap<string, RecordedBody>
  ids: Ids
}

/** Plays all steps to the stand-in as one release; what differs from the recorded bodies, one line each. */
export async function play(version: RecordedVersion): Promise<string[]> {
  const chatwoot = await startChatwootStandIn({
    version,
    users: [{ name: 'Arno Agent' }, { name: 'Bea Agent' }],
  })
  const [callback, account] = [await startReceiver(), await startReceiver()]
  const pictures = await servePicture()
  const stage: Stage = {
    ...{ chatwoot, callback, account, picture: pictures.url },
    recorded: new Map(recordedBodies(version).map((body) => [body.name, body])),
    ids: {
      ...{ inbox: 0, webhook: 0, contact: 0, bare: 0, greet: 0, conversation: 0, second: 0 },
      messages: {},
      agent: chatwoot.agent().user.id,
    },
  }
  try {
    const lines: string[] = []
    for (const step of STEPS) {
      if (step.only !== undefined && step.only !== version) continue
      lines.push(...(await playStep(stage, step)))
    }
    return lines
  } finally {
    await Promise.all([chatwoot.close(), callback.close(), account.close(), pictures.close()])
  }
}

/** Names of the recorded bodies that the steps are compared with. */
export function playedNames(): ReadonlySet<string> {
  return new Set(
    STEPS.flatMap(({ answer, webhooks = [] }) => [`api.${answer}`, ...webhooks.map(recordedName)]),
  )
}

const recordedName = (name: string): string =>
  name.startsWith('account:') ? `account-webhook.${name.slice(8)}` : `webhook.${name}`

async function playStep(stage: Stage, step: Step): Promise<string[]> {
  const { chatwoot, ids, recorded } = stage
  const tokens = { agent: chatwoot.agentToken, nobody: null, stranger: 'invented' }
  const call = clientOf(chatwoot, step.by === undefined ? chatwoot.adminToken : tokens[step.by])
  const [method, path, body] = step.request(ids)
  const before = chatwoot.webhookLog.length
  const answer = await call(method, path, placed(stage, body))
  await chatwoot.settled()
  if (step.answer === 'contacts.PUT')
    await chatwoot.waitFor(() => chatwoot.contacts().some((each) => each.avatarBlobId !== null))
  keepIds(ids, step, answer.body)
  const told = chatwoot.webhookLog.slice(before)
  const of = (wanted: WebhookDelivery['surface']) =>
    told.filter(({ surface }) => surface === wanted).map(({ payload }) => payload as Told)
  const events = [...of('inbox'), ...of('account').filter(isOfContact(step))]
  return [...answerLines(step, recorded, answer), ...webhookLines(step, recorded, events)]
}

/**
 * Every message of a customer changes `last_activity_at` of the contact; these webhooks were kept of two steps only.
 */
function isOfContact({ webhooks = [] }: Step) {
  const wanted = webhooks.some((name) => name.startsWith('account:'))
  return ({ event, changed_attributes }: Told): boolean => {
    const names = (changed_attributes ?? []).flatMap((each) => Object.keys(each))
    return event.startsWith('contact_') && (wanted || !names.includes('last_activity_at'))
  }
}

type Told = { event: string; changed_attributes?: object[] | null }

/** The addresses that only a running stage has. */
function placed({ callback, account, picture }: Stage, body: unknown): unknown {
  if (body === undefined || body instanceof FormData) return body
  const text = JSON.stringify(body)
    .replace('"(inbox)"', JSON.stringify(callback.url))
    .replace('"(account)"', JSON.stringify(account.url))
    .replace('"(picture)"', JSON.stringify(picture))
  return JSON.parse(text)
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape, compared afterwards
function keepIds(ids: Ids, step: Step, body: any): void {
  const id = body?.payload?.contact?.id ?? body?.payload?.webhook?.id ?? body?.id
  if (step.keep !== undefined) ids[step.keep] = id
  const [, name] = /^messages\.POST\.(.*)$/.exec(step.answer) ?? []
  if (name !== undefined) ids.messages[name] = id
}

function answerLines(
  { answer: name }: Step,
  recorded: Stage['recorded'],
  { status, body }: { status: number; body: unknown },
): string[] {
  if (name === '') return []
  const real = recorded.get(`api.${name}`)
  if (real === undefined) return [`api.${name} was never recorded`]
  const statuses = real.status === status ? [] : [`api.${name} status: ${real.status} → ${status}`]
  return [...statuses, ...differences(real.body, body).map((line) => `api.${name} ${line}`)]
}

function webhookLines(
  { answer, webhooks = [] }: Step,
  recorded: Stage['recorded'],
  events: { event: string }[],
): string[] {
  const expected = webhooks.flatMap((name) => recorded.get(recordedName(name)) ?? [])
  const names = expected.map(({ name }) => name.replace('account-', '').split('.')[1])
  const played = events.map(({ event }) => event)
  if (names.join() !== played.join())
    return [`webhooks of ${answer}: ${names.join()} → ${played.join()}`]
  return expected.flatMap(({ name, body }, index) =>
    differences(body, events[index]).map((line) => `${name} ${line}`),
  )
}

/** Where the stand-in fetches the picture of a contact. */
async function servePicture(): Promise<{ url: string; close: () => Promise<unknown> }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'image/png')
    response.end('picture')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/pic.png`,
    close: () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      return closed
    },
  }
}
