import { z } from 'zod'
import type { ConversationId, InboxId, MessageId } from '../../ids.ts'
import { type Attachment, attachmentSchema } from './attachment.ts'
import { conversationId, inboxId, messageId } from './ids.ts'
import { type Attributes, attributes, compact, field, instant, listOf, text } from './lenient.ts'
import { readSender, type Sender } from './sender.ts'

export type MessageType = 'incoming' | 'outgoing' | 'activity' | 'template'
export type MessageStatus = 'sent' | 'delivered' | 'read' | 'failed'

/** A message, whether it came from the REST API or in a webhook. */
export type Message = {
  id: MessageId
  conversationId?: ConversationId
  inboxId?: InboxId
  /** Raw source text; null for attachments without a caption. */
  content: string | null
  contentType: string
  /** As stored: keys may hold explicit nulls. `deleted: true` marks a soft-deleted message. */
  contentAttributes: Attributes
  additionalAttributes: Attributes
  messageType: MessageType
  private: boolean
  /** External id given on create; agents can never produce one. */
  sourceId: string | null
  sender: Sender | null
  attachments: Attachment[]
  /** Milliseconds since 1970. */
  createdAt?: number
  status?: MessageStatus
}

/** Position is the integer of REST answers and nested messages (docs/platforms/chatwoot.md#conventions). */
const TYPES = ['incoming', 'outgoing', 'activity', 'template'] as const
const STATUSES = ['sent', 'delivered', 'read', 'failed'] as const

function enumValue<const Name extends string>(names: readonly Name[], value: unknown) {
  return names.find((name, index) => value === name || value === index || value === String(index))
}

/** A kind that does not exist yet must never reach a customer, and activities never do. */
const messageType = field((value) => enumValue(TYPES, value) ?? 'activity')
export const messageStatus = field((value) => enumValue(STATUSES, value))

/** Only a clear "no" makes a message public: a leaked private note is worse than one not sent. */
const isPrivate = field((value) => ![false, undefined, null, 0, 'false'].some((no) => no === value))

/** The fields every spelling of a message has; webhooks add theirs around it. */
export const messageSchema = z
  .object({
    id: messageId,
    conversation_id: conversationId.optional().catch(undefined),
    inbox_id: inboxId.optional().catch(undefined),
    content: z
      .string()
      .nullish()
      .catch(null)
      .transform((content) => content ?? null),
    content_type: text,
    content_attributes: attributes,
    additional_attributes: attributes,
    message_type: messageType,
    private: isPrivate,
    source_id: text,
    sender: z.unknown().optional(),
    attachments: listOf(attachmentSchema),
    created_at: instant,
    status: messageStatus,
  })
  .transform(
    (raw): Message =>
      compact({
        id: raw.id,
        conversationId: raw.conversation_id,
        inboxId: raw.inbox_id,
        content: raw.content,
        contentType: raw.content_type ?? 'text',
        contentAttributes: raw.content_attributes,
        additionalAttributes: raw.additional_attributes,
        messageType: raw.message_type,
        private: raw.private,
        sourceId: raw.source_id ?? null,
        sender: readSender(raw.sender, raw.message_type === 'incoming'),
        attachments: raw.attachments,
        createdAt: raw.created_at,
        status: raw.status,
      }),
  )
