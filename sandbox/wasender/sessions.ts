import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Env, invalid, ok, readObject, refuse } from './http.ts'
import type { Session } from './session.ts'
import { applySettings, sessionBody, sessionRow } from './session-body.ts'
import type { SessionLife } from './session-life.ts'
import type { World } from './state.ts'

export type SessionParts = Pick<
  World,
  'sessions' | 'random' | 'clock' | 'outbox' | 'tasks' | 'origin'
> & { life: SessionLife }

const flag = (field: string) => z.boolean(`The ${field} field must be true or false.`)
const required = (field: string) => z.string(`The ${field} field is required.`).min(1)

const settings = z.looseObject({
  name: required('name'),
  phone_number: required('phone number'),
  account_protection: flag('account protection'),
  log_messages: flag('log messages'),
  read_incoming_messages: flag('read incoming messages').optional(),
  webhook_url: z.url('The webhook url field must be a valid URL.').nullable().optional(),
  webhook_enabled: flag('webhook enabled').optional(),
  webhook_events: z.array(z.string()).nullable().optional(),
  auto_reject_calls: flag('auto reject calls').optional(),
  ignore_groups: flag('ignore groups').optional(),
  ignore_channels: flag('ignore channels').optional(),
  ignore_broadcasts: flag('ignore broadcasts').optional(),
  always_online: flag('always online').optional(),
  proxy_url: z.string().nullable().optional(),
})

/** Create, read, change and delete sessions (docs/platforms/wasender.md#session-routes); behind the account token. */
export function sessionRoutes(parts: SessionParts): Hono<Env> {
  const { sessions } = parts
  const app = new Hono<Env>()
  app.get('/whatsapp-sessions', (c) => ok(c, sessions.all().map(sessionRow)))
  app.post('/whatsapp-sessions', (c) => create(c, parts))
  app.get('/whatsapp-sessions/:id', (c) => withSession(c, parts, (s) => ok(c, sessionBody(s))))
  app.put('/whatsapp-sessions/:id', (c) => withSession(c, parts, (s) => update(c, parts, s)))
  app.delete('/whatsapp-sessions/:id', (c) => withSession(c, parts, (s) => remove(c, parts, s)))
  app.get('/auth-check', (c) => ok(c, { authenticated: true }))
  return app
}

/** Runs `work` with the session of the path, or answers 404. */
export async function withSession<T>(
  c: Context<Env>,
  { sessions }: Pick<SessionParts, 'sessions'>,
  work: (session: Session) => T,
) {
  const session = sessions.find(Number(c.req.param('id')))
  return session === undefined ? refuse(c, 404, 'WhatsApp session not found.') : await work(session)
}

async function create(c: Context<Env>, { sessions }: SessionParts) {
  const parsed = settings.safeParse(await readObject(c))
  if (!parsed.success) return invalid(c, parsed.error)
  const session = sessions.add({ status: 'disconnected', paired: false, webhookEvents: null })
  applySettings(session, parsed.data)
  return ok(c, sessionBody(session), 201)
}

async function update(c: Context<Env>, { clock }: SessionParts, session: Session) {
  const parsed = settings.partial().safeParse(await readObject(c))
  if (!parsed.success) return invalid(c, parsed.error)
  applySettings(session, parsed.data)
  session.updatedAt = new Date(clock.now()).toISOString()
  session.webhookLive = !session.webhookSyncFails
  const data = sessionBody(session)
  return session.webhookSyncFails
    ? c.json({ success: true, data, warning: SYNC_FAILED })
    : ok(c, data)
}

const SYNC_FAILED = 'WhatsApp session updated but failed to sync webhook settings: Connection error'

function remove(c: Context<Env>, { sessions, life }: SessionParts, session: Session) {
  life.forget(session)
  sessions.remove(session.id)
  return c.body(null, 204)
}
