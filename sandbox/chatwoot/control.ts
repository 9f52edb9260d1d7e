import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { z } from 'zod'
import type { Faults } from '../faults.ts'
import type { Agent } from './agents.ts'
import { type App, answer } from './api.ts'
import { mountEventStream } from './event-stream.ts'
import { faultParams } from './fault-params.ts'
import { threadOf } from './lookups.ts'
import { flag, object, parse, readBody, text, wholeNumber } from './params.ts'
import { contactJson, conversationJson, messageJson } from './payloads-rest.ts'
import type { World } from './state.ts'
import type { Json } from './types.ts'
import type { WebhookDispatcher } from './webhooks.ts'

type ControlOptions = {
  world: World
  faults: Faults
  webhooks: WebhookDispatcher
  /** The agent who acts in an account. */
  agentOf: (accountId: number) => Agent
  accountId: number
}

const fileParams = z.object({ filename: text, contentType: text, base64: z.string() })
const replyParams = z.object({
  text: text.nullish(),
  private: flag.optional(),
  inReplyTo: wholeNumber.optional(),
  contentType: text.optional(),
  contentAttributes: object.optional(),
  attachments: z.array(fileParams).optional(),
})

/** What the page can do in a conversation; the body is `{ messageId }` where a message is meant. */
const ACTIONS: Readonly<Record<string, (agent: Agent, id: number, body: Json) => unknown>> = {
  reply: (agent, id, body) => {
    const { text: content, attachments = [], ...rest } = parse(replyParams, body)
    const given = Object.entries(rest).filter(([, value]) => value !== undefined)
    const files = attachments.map(({ base64, ...file }) => ({
      ...file,
      bytes: Buffer.from(base64, 'base64'),
    }))
    return agent.reply(id, content ?? null, { ...Object.fromEntries(given), attachments: files })
  },
  resolve: (agent, id) => agent.resolve(id),
  reopen: (agent, id) => agent.reopen(id),
  snooze: (agent, id) => agent.snooze(id),
  type: (agent, id, body) => agent.type(id, { private: body.private === true }),
  retry: (agent, _, body) => agent.retry(messageId(body)),
  delete: (agent, _, body) => agent.deleteMessage(messageId(body)),
}

const messageId = (body: Json) => parse(z.object({ messageId: wholeNumber }), body).messageId

/** A loopback page may drive the sandbox; no other origin may. */
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

/**
 * The control surface for the demo page and for tests in another process: state, actions of an agent, faults and an event
 * stream. `?account=` names an account other than the first.
 */
export function mountControl(app: App, options: ControlOptions): void {
  const { world, faults, webhooks } = options
  const accountOf = (c: Context) => Number(c.req.query('account') ?? options.accountId)

  app.use('/_sandbox/*', cors({ origin: (origin) => (LOOPBACK.test(origin) ? origin : null) }))
  app.get('/_sandbox/state', (c) => c.json(stateJson(world, accountOf(c), webhooks)))

  app.post('/_sandbox/conversations', async (c) => {
    const params = parse(
      z.object({
        inboxId: wholeNumber,
        text,
        contactId: wholeNumber.optional(),
        phone: text.optional(),
      }),
      await readBody(c),
    )
    const { contactId, phone, ...rest } = params
    const who = contactId === undefined ? { phone: phone ?? '' } : { contactId }
    return c.json(await options.agentOf(accountOf(c)).startConversation({ ...rest, ...who }))
  })

  app.post('/_sandbox/conversations/:conversation/:action', async (c) => {
    const act = ACTIONS[c.req.param('action')]
    if (act === undefined) return c.notFound()
    const agent = options.agentOf(accountOf(c))
    const result = await act(agent, Number(c.req.param('conversation')), await readBody(c))
    return answer(c, result ?? { ok: true })
  })

  app.get('/_sandbox/faults', (c) => c.json({ faults: faults.list() }))
  app.post('/_sandbox/faults', async (c) => {
    faults.add(parse(faultParams, await readBody(c)))
    return c.json({ faults: faults.list() })
  })
  app.delete('/_sandbox/faults', (c) => {
    faults.clear()
    return c.json({ faults: [] })
  })
  mountEventStream(app, world)
}

/** Everything the page draws of one account, in the REST shapes. */
function stateJson(world: World, accountId: number, webhooks: WebhookDispatcher): Json {
  const ofAccount = <T extends { accountId: number }>(rows: Iterable<T>) =>
    [...rows].filter((row) => row.accountId === accountId)
  return {
    version: world.version,
    account_id: accountId,
    inboxes: ofAccount(world.inboxes.values()).map(({ id, name, webhookUrl }) => ({
      id,
      name,
      webhook_url: webhookUrl,
    })),
    contacts: ofAccount(world.contacts.values()).map((row) => contactJson(world, row)),
    conversations: ofAccount(world.conversations.values()).map((row) => ({
      ...conversationJson(world, row),
      messages: threadOf(world, row).map((message) => messageJson(world, message)),
    })),
    webhooks: webhooks.log
      .slice(-50)
      .map(({ event, surface, at, outcome, status }) => ({ event, surface, at, outcome, status })),
  }
}
