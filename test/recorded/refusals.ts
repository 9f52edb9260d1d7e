import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import { clientOf } from '../../sandbox/chatwoot/test-support.ts'
import type { RecordedVersion } from './recorded.ts'
import { differences } from './shape.ts'

const line = z.object({
  name: z.string(),
  method: z.string(),
  /** Below the account, but for those that begin with a slash; `{…}` stands for an id of the stage. */
  path: z.string(),
  /** The text of a JSON body. */
  request: z.string().optional(),
  status: z.number(),
  contentType: z.string(),
  /** Text where it is no JSON, of a page its beginning; absent where only the status was kept. */
  body: z.unknown().optional(),
})

/** A refused or odd request to a real Chatwoot, and its answer. */
export type Refusal = z.output<typeof line>

/** All that were recorded from one release, in their order; each was made by a client that does not ask for JSON. */
export function recordedRefusals(version: RecordedVersion): Refusal[] {
  const text = readFileSync(join(import.meta.dirname, `${version}.refusals.jsonl`), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((each) => line.parse(JSON.parse(each)))
}

/** Bodies that are too long to keep, or no JSON. */
const BODIES: Readonly<Record<string, string | FormData>> = {
  'message.too-long': JSON.stringify({ content: 'x'.repeat(150_001), message_type: 'incoming' }),
  'message.source_id-long': JSON.stringify({
    ...{ content: 'x', message_type: 'incoming' },
    source_id: 'x'.repeat(20_001),
  }),
  'message.attachments-empty-string': emptyAttachment(),
}

function emptyAttachment(): FormData {
  const form = new FormData()
  form.append('content', 'x')
  form.append('attachments[]', '')
  return form
}

type Stage = { chatwoot: ChatwootStandIn; ids: Readonly<Record<string, string | number>> }

/** What the recorded requests speak of: two contacts, the conversation of a third, and an agent's message in it. */
async function setUp(version: RecordedVersion): Promise<Stage> {
  const users = [{ name: 'Arno Agent' }, { name: 'Bea Agent' }]
  const chatwoot = await startChatwootStandIn({ version, users })
  const call = clientOf(chatwoot)
  const inbox = chatwoot.inboxes()[0]?.id ?? 0
  const contact = async (body: object) =>
    (await call('POST', 'contacts', { inbox_id: inbox, ...body })).body.payload.contact.id
  const ids = {
    ...{ inbox, source: 'operator-source', long: 'n'.repeat(300) },
    contact: await contact({
      ...{ name: 'Probe', phone_number: '+12025550105', identifier: 'operator' },
      source_id: 'operator-source',
    }),
    other: await contact({ name: 'Other', source_id: 'other-source' }),
  }
  const olga = await contact({
    ...{ name: 'Olga', phone_number: '+12025550101', source_id: '12025550101' },
    identifier: '12025550101@s.whatsapp.net',
  })
  const begun = { inbox_id: inbox, contact_id: olga, source_id: '12025550101' }
  const conversation = (await call('POST', 'conversations', begun)).body.id
  const messages = `conversations/${conversation}/messages`
  const byAgent = clientOf(chatwoot, chatwoot.agentToken)
  const message = (await byAgent('POST', messages, { content: 'probe' })).body.id
  // There the bridge ran beside it.
  if (version === '4.15.1') await call('PATCH', `${messages}/${message}`, { status: 'delivered' })
  return { chatwoot, ids: { ...ids, conversation, message } }
}

/** Plays all refused requests to the stand-in as one release; what differs from the recorded answers, one line each. */
export async function playRefusals(version: RecordedVersion): Promise<string[]> {
  const stage = await setUp(version)
  try {
    const lines: string[] = []
    for (const refusal of recordedRefusals(version)) lines.push(...(await ask(stage, refusal)))
    return lines
  } finally {
    await stage.chatwoot.close()
  }
}

async function ask({ chatwoot, ids }: Stage, refusal: Refusal): Promise<string[]> {
  const { name, method, path, request } = refusal
  const placed = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, id) => String(ids[id] ?? whole))
  const tokens: Record<string, string | null> = {
    ...{ 'token.none': null, 'token.wrong': 'invented' },
    'agent.creates-inbox': chatwoot.agentToken,
  }
  const token = Object.hasOwn(tokens, name) ? tokens[name] : chatwoot.adminToken
  const body = BODIES[name] ?? (request === undefined ? undefined : placed(request))
  const address = path.startsWith('/') ? path : `/api/v1/accounts/${chatwoot.accountId}/${path}`
  const response = await fetch(chatwoot.url + placed(address), {
    method,
    headers: {
      ...(token == null ? {} : { 'Api-Access-Token': token }),
      ...(typeof body === 'string' ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body }),
  })
  const got = { status: response.status, contentType: response.headers.get('content-type') ?? '' }
  const lines = (['status', 'contentType'] as const)
    .filter((field) => refusal[field] !== got[field])
    .map((field) => `${field}: ${refusal[field]} → ${got[field]}`)
  return [...lines, ...bodyLines(refusal.body, await response.text())].map(
    (each) => `${name} ${each}`,
  )
}

function bodyLines(recorded: unknown, text: string): string[] {
  if (recorded === undefined) return []
  if (typeof recorded !== 'string')
    return differences(recorded, text === '' ? '' : JSON.parse(text))
  const isSame = recorded === '' ? text === '' : text.startsWith(recorded.slice(0, 15))
  return isSame ? [] : [`body: ${recorded} → ${text}`]
}
