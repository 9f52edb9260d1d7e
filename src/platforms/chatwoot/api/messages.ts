import { z } from 'zod'
import type { ConversationId, MessageId } from '../../../kernel/ids.ts'
import { cutText } from '../../../kernel/text.ts'
import type { Attributes } from '../shapes/lenient.ts'
import { type Message, messageSchema } from '../shapes/message.ts'
import type { FileSource } from '../upload/multipart.ts'
import type { Api, ApiCall, FormPart } from './api.ts'

/**
 * A window of ids. `before` alone: the 20 before it. `after` alone: up to 100 after it. Both: see
 * `list`.
 */
type MessageWindow = { before?: MessageId | number; after?: MessageId | number }

/**
 * A status for the ticks. A failure needs its text: without it agents get neither reason nor Retry
 * button.
 */
type StatusReport =
  | { status: 'sent' | 'delivered' | 'read' }
  | { status: 'failed'; externalError: string }

/** What could be read of a window, and how many messages Chatwoot listed. */
type MessagePage = { messages: Message[]; size: number }

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

/** Longer texts are refused, and with them the whole message (docs/platforms/chatwoot.md#creating-messages). */
const LONGEST_CONTENT = 150_000

/** A message to create (docs/platforms/chatwoot.md#creating-messages). */
export type NewMessage = {
  content?: string
  messageType: 'incoming' | 'outgoing' | 'activity'
  private?: boolean
  /**
   * The external id. What makes the bridge recognise its own message when it comes back as a
   * webhook.
   */
  sourceId?: string
  contentType?: string
  contentAttributes?: Attributes
  /** Comes back in the answer only; webhooks do not carry it. */
  echoId?: string
}

export type NewAttachment = {
  body: FileSource
  /** With the right extension: agents see it and download under it. */
  fileName: string
  /** Alone decides how Chatwoot shows the file; parameters are cut off. */
  contentType: string
  /** Chatwoot 4.14.2 and later; ignored by older ones. */
  isVoice?: boolean
}

export type NewMessageWithAttachments = NewMessage & { attachments: readonly NewAttachment[] }

function toMessageJson(message: NewMessage): Record<string, unknown> {
  return {
    content: message.content === undefined ? undefined : cutText(message.content, LONGEST_CONTENT),
    message_type: message.messageType,
    private: message.private ?? false,
    source_id: message.sourceId,
    content_type: message.contentType,
    content_attributes: message.contentAttributes,
    echo_id: message.echoId,
  }
}

/** The same as form fields. */
function toMessageParts({ attachments, ...message }: NewMessageWithAttachments): FormPart[] {
  const isVoice = attachments.some((attachment) => attachment.isVoice)
  const fields = { ...toMessageJson(message), is_voice_message: isVoice || undefined }
  const texts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, value }))
  // The brackets matter: a field named `attachments` is refused (docs/platforms/chatwoot.md#uploads).
  const files = attachments.map(({ body, fileName, contentType }) => ({
    name: 'attachments[]',
    fileName,
    contentType,
    body,
  }))
  return [...texts, ...files]
}
