import { cutText } from '../../cut-text.ts'
import type { Attributes } from '../shapes/lenient.ts'
import type { FileSource } from '../upload/multipart.ts'
import type { FormPart } from './api.ts'

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

export function toMessageJson(message: NewMessage): Record<string, unknown> {
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
export function toMessageParts({ attachments, ...message }: NewMessageWithAttachments): FormPart[] {
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
