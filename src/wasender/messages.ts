import { z } from 'zod'
import { asId, type KeyId, type MsgId } from '../ids.ts'
import { acknowledged } from './api/acknowledged.ts'
import type { Api } from './api/api.ts'
import { integer } from './api/fields.ts'
import { orUndefined } from './api/lookup.ts'
import { path } from './api/path.ts'
import { editCall, removeCall, sendCall } from './message-calls.ts'
import { type MessageInfo, messageInfo } from './message-info.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { isMissingRoute, isMissingSendRoute, type WithRoutes } from './route-choice.ts'

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
