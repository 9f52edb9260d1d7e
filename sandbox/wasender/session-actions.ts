import { type Context, Hono } from 'hono'
import { type Env, ok, readFields, refuse } from './http.ts'
import type { Outgoing } from './outbox.ts'
import { laravelPage } from './paginate.ts'
import type { Session } from './session.ts'
import { type SessionParts, withSession } from './sessions.ts'

type Answer = Response | Promise<Response>
type Action = (c: Context<Env>, parts: SessionParts, session: Session) => Answer

/** What can be done with a session, and its logs (docs/platforms/wasender.md#session-routes). */
export function sessionActionRoutes(parts: SessionParts): Hono<Env> {
  const app = new Hono<Env>()
  const base = '/whatsapp-sessions/:id'
  const run = (action: Action) => (c: Context<Env>) =>
    withSession<Answer>(c, parts, (session) => action(c, parts, session))
  app.post(`${base}/connect`, run(connect))
  app.get(`${base}/qrcode`, run(qrCode))
  app.post(`${base}/disconnect`, run(disconnect))
  app.post(`${base}/restart`, run(restart))
  app.post(`${base}/regenerate-key`, run(regenerateKey))
  app.get(`${base}/message-logs`, run(messageLogs))
  app.get(`${base}/session-logs`, run(sessionLogs))
  return app
}

const PASSKEY_MS = 5 * 60_000

const connect: Action = async (c, { life, random, clock }, session) => {
  const { linkMethod } = await readFields(c)
  if (session.status === 'connected' || session.status === 'connecting' || session.paired) {
    if (session.status !== 'connected') void life.scan(session)
    const message = 'Session already initialized or connecting. No QR code needed.'
    return ok(c, { status: 'CONNECTED', message })
  }
  if (linkMethod === 'passkey') {
    void life.setStatus(session, 'need_passkey')
    const expires_at = new Date(clock.now() + PASSKEY_MS).toISOString()
    const passkey = { token: random.bytes(24).toString('hex'), expires_at }
    return ok(c, { status: 'NEED_PASSKEY', passkey })
  }
  void life.setStatus(session, 'need_scan')
  return ok(c, { status: 'NEED_SCAN', qrCode: session.qr ?? life.newQr(session) })
}

const qrCode: Action = (c, { life }, session) =>
  session.status === 'need_scan'
    ? ok(c, { qrCode: life.newQr(session) })
    : refuse(c, 400, 'No QR code available. Please connect the session first.')

const disconnect: Action = (c, { life }, session) => {
  void life.setStatus(session, 'disconnected')
  return ok(c, { status: 'disconnected', message: 'WhatsApp session disconnected successfully' })
}

const restart: Action = (c, { life, sessions }, session) => {
  if (session.status !== 'connected') {
    return refuse(c, 400, 'WhatsApp session is not connected. Cannot restart.')
  }
  sessions.log(session, 'session_restarted')
  void life.scan(session)
  return c.json({ success: true, message: 'WhatsApp session restarted successfully' })
}

const regenerateKey: Action = (c, { random }, session) => {
  session.apiKey = random.bytes(32).toString('hex')
  return c.json({ success: true, api_key: session.apiKey })
}

const messageLogs: Action = (c, { outbox, origin }, session) => {
  const status = c.req.query('status')
  const rows = outbox
    .ofSession(session.id)
    .filter((outgoing) => status === undefined || outgoing.status === status)
    .map((outgoing) => logRow(outgoing, session))
  return ok(c, laravelPage(c, rows, origin()))
}

const sessionLogs: Action = (c, { sessions, origin }, session) =>
  ok(c, laravelPage(c, sessions.logs(session.id), origin()))

function logRow({ msgId, request, ...outgoing }: Outgoing, session: Session) {
  const { to, ...content } = request
  return {
    id: String(msgId),
    whatsapp_session_id: String(session.id),
    to: session.logMessages ? to : null,
    content: session.logMessages ? JSON.stringify(content) : null,
    status: outgoing.status,
    failed_reason: outgoing.failedReason ?? null,
    created_at: sqlTime(outgoing.createdAt),
    updated_at: sqlTime(outgoing.updatedAt),
  }
}

/** `YYYY-MM-DD HH:MM:SS`, presumed UTC. */
const sqlTime = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ')
