import { z } from 'zod'
import type { ConversationId, MessageId } from '../../ids.ts'
import { type Message, messageSchema } from '../shapes/message.ts'
import type { Api, ApiCall } from './api.ts'
import {
  type NewMessage,
  type NewMessageWithAttachments,
  toMessageJson,
  toMessageParts,
} from './message-body.ts'

/**
 * A window of ids. `before` alone: the 20 before it. `after` alone: up to 100 after it. Both: see
 * `list`.
 */
export type MessageWindow = { before?: MessageId | number; after?: MessageId | number }

/**
 * A status for the ticks. A failure needs its text: without it agents get neither reason nor Retry
 * button.
 */
export type StatusReport =
  | { status: 'sent' | 'delivered' | 'read' }
  | { status: 'failed'; externalError: string }

/** What could be read of a window, and how many messages Chatwoot listed. */
export type MessagePage = { messages: Message[]; size: number }

/** One that the bridge cannot read does not hide the others. */
function readEach(elements: readonly unknown[]): MessagePage {
  const messages = elements.flatMap((element) => {
    const read = messageSchema.safeParse(element)
    return read.success ? [read.data] : []
  })
  return { messages, size: elements.length }
}

/** Messages of conversations (docs/platforms/chatwoot.md#creating-messages). */
export function createMessages(api: Api) {
  const post = (id: ConversationId, body: Pick<ApiCall, 'json' | 'parts'>): Promise<Message> =>
    api.request(
      {
        operation: body.parts === undefined ? 'create-message' : 'create-message-with-attachments',
        method: 'post',
        path: `conversations/${id}/messages`,
        ...body,
        effect: 'once',
      },
      messageSchema,
    )

  /**
   * With both bounds `after` is inclusive and up to 1000 come; oldest first in any case
   * (docs/platforms/chatwoot.md#listing-messages).
   */
  const page = (
    id: ConversationId,
    { before, after }: MessageWindow = {},
    { timeoutMs }: { timeoutMs?: number } = {},
  ): Promise<MessagePage> =>
    api.request(
      {
        operation: 'list-messages',
        method: 'get',
        path: `conversations/${id}/messages`,
        search: { before, after },
        effect: 'repeatable',
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
      z.object({ payload: z.array(z.unknown()) }).transform(({ payload }) => readEach(payload)),
    )

  const list = async (...args: Parameters<typeof page>): Promise<Message[]> =>
    (await page(...args)).messages

  return {
    /** Never repeat it blindly: Chatwoot stores the same source id as often as it is sent. */
    create: (id: ConversationId, message: NewMessage) => post(id, { json: toMessageJson(message) }),

    /**
     * Uploads the files while reading them. An upload that breaks off half-way is a
     * `TransientError`; only one that was complete and got no answer is unknown.
     */
    createWithAttachments: (id: ConversationId, message: NewMessageWithAttachments) =>
      post(id, { parts: toMessageParts(message) }),

    page,
    list,

    /** There is no route for one message, so a window of exactly one is asked for. */
    async get(conversation: ConversationId, id: MessageId): Promise<Message | undefined> {
      const found = await list(conversation, { after: id, before: id + 1 })
      return found.find((message) => message.id === id)
    },

    /**
     * Reports a status (Chatwoot 4.2 and later, API inboxes). Only `read` to `delivered` is ignored
     * there, every other step back is taken: order the reports before calling.
     */
    updateStatus: (
      conversation: ConversationId,
      id: MessageId,
      report: StatusReport,
    ): Promise<Message> =>
      api.request(
        {
          operation: 'update-message-status',
          method: 'patch',
          path: `conversations/${conversation}/messages/${id}`,
          json:
            report.status === 'failed'
              ? { status: report.status, external_error: report.externalError }
              : { status: report.status },
          effect: 'repeatable',
        },
        messageSchema,
      ),

    /** Soft delete: text, attributes and attachments go, the bubble stays. */
    remove: (conversation: ConversationId, id: MessageId): Promise<void> =>
      api.send({
        operation: 'delete-message',
        method: 'delete',
        path: `conversations/${conversation}/messages/${id}`,
        effect: 'repeatable',
      }),
  }
}

export type MessagesApi = ReturnType<typeof createMessages>
