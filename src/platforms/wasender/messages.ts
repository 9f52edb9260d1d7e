import { z } from 'zod'
import { asId, type Jid, type KeyId, type MsgId } from '../../kernel/ids.ts'
import type { Call } from '../upstream/transport.ts'
import { type Api, acknowledged, orUndefined, path } from './api/api.ts'
import { integer, jid, maybe, millis, text } from './api/fields.ts'
import { type Ack, toAck } from './events/fields.ts'
import { type OutgoingMessage, sendBody } from './outgoing-message.ts'
import { isMissingRoute, isMissingSendRoute, type RouteTable, type WithRoutes } from './routes.ts'

/** The `key` of a webhook, to be handed back unchanged (docs/platforms/wasender.md#read-marks-and-typing). */
export type MessageKey = {
  id: KeyId
  remoteJid: string
  fromMe: boolean
  /** The author, in groups. */
  participant?: string
}

const sent = z
  .looseObject({ msgId: integer })
  .transform(({ msgId }) => ({ msgId: asId<MsgId>(msgId) }))

export type Messages = ReturnType<typeof createMessages>

/**
 * Messages, by the session API key. Nothing here retries: only delivery knows the order of
 * messages.
 */
export function createMessages({ api, withRoutes }: { api: Api; withRoutes: WithRoutes }) {
  return {
    /** Queues one message at the gateway. Accepted is not sent (docs/platforms/wasender.md#sending). */
    send: (message: OutgoingMessage): Promise<{ msgId: MsgId }> =>
      withRoutes((table) => api(sendCall(table, message), sent), isMissingSendRoute),

    /** Changes the text of a message sent through the API, a short while after sending. */
    edit: (msgId: MsgId, text: string): Promise<void> =>
      withRoutes((table) => api(editCall(table, msgId, text), acknowledged), isMissingRoute),

    /** Deletes a message sent through the API for everyone. */
    remove: (msgId: MsgId): Promise<void> =>
      withRoutes((table) => api(removeCall(table, msgId), acknowledged), isMissingRoute),

    /**
     * The WhatsApp key id and state of a sent message; `undefined` until the gateway has sent it.
     */
    info: (msgId: MsgId): Promise<MessageInfo | undefined> =>
      orUndefined(
        api(
          {
            operation: 'message-info',
            method: 'get',
            path: path`messages/${msgId}/info`,
            effect: 'repeatable',
          },
          messageInfo,
        ),
      ),

    /** Queues a failed message again, under the same id (docs/platforms/wasender.md#message-operations). */
    resend: (msgId: MsgId): Promise<void> =>
      api(
        {
          operation: 'resend-message',
          method: 'post',
          path: path`messages/${msgId}/resend`,
          effect: 'once',
        },
        acknowledged,
      ),

    /** Blue ticks for one message. */
    markRead: (key: MessageKey): Promise<void> =>
      api(
        {
          operation: 'mark-read',
          method: 'post',
          path: 'messages/read',
          json: { key },
          effect: 'repeatable',
        },
        acknowledged,
      ),
  }
}

/**
 * The request that sends a message by one table of routes. Sending twice shows twice, so it is
 * `once`.
 */
function sendCall(table: RouteTable, message: OutgoingMessage): Call {
  const own = table.send[message.kind]
  const route = message.replyTo === undefined ? own : (table.quoted ?? own)
  return {
    operation: 'send-message',
    method: 'post',
    path: route.path,
    json: sendBody(route.as === 'image' ? asImage(message) : message),
    effect: 'once',
  }
}

function asImage(message: OutgoingMessage): OutgoingMessage {
  return message.kind === 'sticker' ? { ...message, kind: 'image' } : message
}

/** The request that changes a message's text. Changing it twice to the same text does no harm. */
function editCall(table: RouteTable, msgId: MsgId, text: string): Call {
  return messageCall('edit-message', table.edit, { msgId, text })
}

/** The request that deletes a message for everyone. */
function removeCall(table: RouteTable, msgId: MsgId): Call {
  return messageCall('delete-message', table.remove, { msgId })
}

function messageCall(
  operation: string,
  route: RouteTable['edit'],
  values: { msgId: MsgId; text?: string },
): Call {
  const body = route.fields.map((field) => [field, values[field]] as const)
  return {
    operation,
    method: route.method,
    path: route.path.replace('{msgId}', String(values.msgId)),
    ...(body.length === 0 ? {} : { json: Object.fromEntries(body) }),
    effect: 'repeatable',
  }
}

/** What the gateway knows of a message it has sent (docs/platforms/wasender.md#message-operations). */
export type MessageInfo = {
  keyId: KeyId
  msgId: MsgId | undefined
  remoteJid: Jid | undefined
  status: Ack | undefined
  /** Milliseconds since 1970. */
  at: number | undefined
}

const key = maybe(z.looseObject({ id: maybe(text), remoteJid: maybe(jid) }))

/** An info without a key id is one that came too early: `undefined`, like a 404. */
const messageInfo = z
  .looseObject({
    key,
    id: maybe(text),
    msgId: maybe(integer),
    remoteJid: maybe(jid),
    status: maybe(z.unknown().transform(toAck)),
    messageTimestamp: maybe(millis),
  })
  .transform((raw): MessageInfo | undefined => {
    const keyId = raw.key?.id ?? raw.id
    if (keyId === undefined) return undefined
    return {
      keyId: asId<KeyId>(keyId),
      msgId: raw.msgId === undefined ? undefined : asId<MsgId>(raw.msgId),
      remoteJid: raw.key?.remoteJid ?? raw.remoteJid,
      status: raw.status,
      at: raw.messageTimestamp,
    }
  })

/**
 * What a chat shows; `available` and `unavailable` are about our own JID
 * (docs/platforms/wasender.md#read-marks-and-typing).
 */
type PresenceState = 'composing' | 'recording' | 'paused' | 'available' | 'unavailable'

type PresenceUpdate = {
  jid: string
  state: PresenceState
  /** How long the state is kept up, in milliseconds. */
  delayMs?: number
}

export type Presence = ReturnType<typeof createPresence>

/** Typing and online marks, by the session API key. */
export function createPresence({ api }: { api: Api }) {
  return {
    send: ({ jid, state, delayMs }: PresenceUpdate): Promise<void> =>
      api(
        {
          operation: 'send-presence',
          method: 'post',
          path: 'send-presence-update',
          json: { jid, type: state, delayMs },
          effect: 'repeatable',
        },
        acknowledged,
      ),
  }
}
