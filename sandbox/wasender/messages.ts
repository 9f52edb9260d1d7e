import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { requireConnected } from './auth.ts'
import { chatJid } from './bodies.ts'
import { deny, type Env, ok, readFields, refuse } from './http.ts'
import type { Outgoing } from './outbox.ts'
import type { OwnChanges } from './own-changes.ts'
import { onlyWith } from './send-routes.ts'
import type { Sending } from './sending.ts'
import type { World } from './state.ts'

type Parts = Pick<World, 'outbox' | 'phones' | 'clock' | 'settings' | 'changes'> & {
  sending: Sending
  ownChanges: OwnChanges
}

const NOT_FOUND = 'Message not found.'

/** Operations on messages (docs/platforms/wasender.md#message-operations); behind the session key. */
export function messageRoutes(parts: Parts): Hono<Env> {
  const { settings } = parts
  const app = new Hono<Env>()
  const unified = onlyWith(settings, 'unified')
  const perType = onlyWith(settings, 'per-type')
  const fromPath = (c: Context<Env>) => Number(c.req.param('msgId'))
  const fromBody = async (c: Context<Env>) =>
    Number((await readFields(c)).msgId ?? c.req.query('msgId'))

  app.get('/messages/:msgId/info', (c) => info(c, parts, fromPath(c)))
  app.post('/messages/read', requireConnected, (c) => markRead(c, parts))
  app.post('/messages/:msgId/resend', requireConnected, (c) => resend(c, parts, fromPath(c)))
  app.put('/messages/:msgId', unified, requireConnected, (c) => edit(c, parts, fromPath(c)))
  app.delete('/messages/:msgId', unified, requireConnected, (c) => remove(c, parts, fromPath(c)))
  app.on(['POST', 'PUT'], '/edit-message', perType, requireConnected, async (c) =>
    edit(c, parts, await fromBody(c)),
  )
  app.delete('/delete-message', perType, requireConnected, async (c) =>
    remove(c, parts, await fromBody(c)),
  )
  return app
}

/** A message of this session that is on WhatsApp; before that the platform does not know it. */
function sentBySession(c: Context<Env>, { outbox }: Parts, msgId: number) {
  const outgoing = outbox.find(msgId)
  const { keyId, chat, node } = outgoing ?? {}
  if (outgoing?.sessionId !== c.get('session').id || !keyId || !chat || !node) return undefined
  return { ...outgoing, keyId, chat, node }
}
type SentMessage = NonNullable<ReturnType<typeof sentBySession>>

function infoBody({ msgId, keyId, chat, node, createdAt, ack }: SentMessage) {
  const remoteJid = chatJid(chat, { addressing: 'pn' })
  return {
    remoteJid,
    id: keyId,
    msgId,
    key: { id: keyId, fromMe: true, remoteJid },
    message: node,
    messageTimestamp: String(Math.floor(createdAt / 1000)),
    status: ack,
  }
}

function info(c: Context<Env>, parts: Parts, msgId: number) {
  const sent = sentBySession(c, parts, msgId)
  return sent === undefined ? refuse(c, 404, NOT_FOUND) : ok(c, infoBody(sent))
}

async function edit(c: Context<Env>, parts: Parts, msgId: number) {
  const { text } = await readFields(c)
  if (typeof text !== 'string') {
    return deny(c, 422, 'Validation failed', { text: ['The text field is required.'] })
  }
  const sent = sentBySession(c, parts, msgId)
  if (sent === undefined) return refuse(c, 404, NOT_FOUND)
  const message = parts.ownChanges.edit(c.get('session'), sent, text)
  return ok(c, { ...infoBody(sent), message, status: 1 })
}

function remove(c: Context<Env>, parts: Parts, msgId: number) {
  const sent = sentBySession(c, parts, msgId)
  if (sent === undefined) return refuse(c, 404, NOT_FOUND)
  parts.ownChanges.revoke(c.get('session'), sent)
  return c.json({ success: true, message: 'Message deleted successfully.' })
}

async function resend(c: Context<Env>, { outbox, sending }: Parts, msgId: number) {
  const session = c.get('session')
  const outgoing = outbox.find(msgId)
  if (outgoing === undefined) return refuse(c, 404, NOT_FOUND)
  if (outgoing.sessionId !== session.id) {
    return refuse(c, 403, 'You are not authorized to modify this message.')
  }
  if (outgoing.status !== 'failed' || !session.logMessages) {
    return refuse(c, 400, "Only messages with status 'failed' can be resent.")
  }
  restart(outgoing)
  await sending.start(session, outgoing)
  return c.json({ success: true, message: 'Message resend initiated successfully.' })
}

function restart(outgoing: Outgoing): void {
  Object.assign(outgoing, { status: 'in_progress', failedReason: undefined, ack: 1 })
}

const readRequest = z.looseObject({
  key: z.looseObject({ id: z.string().min(1), remoteJid: z.string().optional() }),
})

async function markRead(c: Context<Env>, { phones, clock }: Parts) {
  const parsed = readRequest.safeParse(await readFields(c))
  if (!parsed.success) {
    return refuse(c, 422, 'The key.id field is required and must be a non-empty string.')
  }
  phones.change(parsed.data.key.id, { readAt: clock.now() })
  return ok(c, { status: 'read' })
}
