import { z } from 'zod'
import type { ConversationId, InboxId, MessageId } from '../../../kernel/ids.ts'
import {
  type Attributes,
  amount,
  attributes,
  compact,
  conversationId,
  field,
  inboxId,
  instant,
  isRecord,
  listOf,
  messageId,
  text,
} from './lenient.ts'

/** A file, place or card of a message (docs/platforms/chatwoot.md#payloads, #attachments). */
export type Attachment = {
  id?: number
  /** `image`, `audio`, `video`, `file`, `location`, `contact`, `fallback`, … */
  fileType: string
  /**
   * Permanent address that redirects to one valid for five minutes. Absent for cards and places.
   */
  dataUrl?: string
  thumbUrl?: string
  /** Bytes. */
  fileSize?: number
  /** Without the dot; absent before Chatwoot 4.13. */
  extension?: string
  /** Absent before Chatwoot 4.13. */
  contentType?: string
  width?: number
  height?: number
  transcribedText?: string
  latitude?: number
  longitude?: number
  /** Title of a place, or the number on a card. */
  fallbackTitle?: string
}

export const attachmentSchema = z
  .object({
    id: amount,
    file_type: text,
    data_url: text,
    thumb_url: text,
    file_size: amount,
    extension: text,
    content_type: text,
    width: amount,
    height: amount,
    transcribed_text: text,
    coordinates_lat: amount,
    coordinates_long: amount,
    fallback_title: text,
  })
  .transform(
    (raw): Attachment =>
      compact({
        id: raw.id,
        // "file" is what Chatwoot itself uses for every type it does not know.
        fileType: raw.file_type ?? 'file',
        dataUrl: raw.data_url,
        thumbUrl: raw.thumb_url,
        fileSize: raw.file_size,
        extension: raw.extension,
        contentType: raw.content_type,
        width: raw.width,
        height: raw.height,
        transcribedText: raw.transcribed_text,
        latitude: raw.coordinates_lat,
        longitude: raw.coordinates_long,
        fallbackTitle: raw.fallback_title,
      }),
  )

/** Who wrote a message or is typing. `null` for automations, greetings, out-of-office and CSAT. */
export type Sender =
  | { kind: 'user'; id: number; name: string; availableName?: string }
  | { kind: 'bot'; id: number; name: string }
  | { kind: 'contact'; id: number }

const KINDS: Readonly<Record<string, Sender['kind']>> = {
  user: 'user',
  agent_bot: 'bot',
  agentbot: 'bot',
  captain_assistant: 'bot',
  'captain::assistant': 'bot',
  contact: 'contact',
}

/**
 * Reads a sender of any of Chatwoot's spellings. In webhooks a contact has no `type` at all
 * (docs/platforms/chatwoot.md#payloads); a type nobody knows yet is a machine rather than a person.
 */
export function readSender(value: unknown, incoming: boolean): Sender | null {
  if (!isRecord(value) || typeof value.id !== 'number') return null
  const { id } = value
  const name = typeof value.name === 'string' ? value.name : ''
  const kind = incoming ? 'contact' : kindOf(value.type)
  if (kind === 'contact') return { kind, id }
  if (kind === 'bot') return { kind, id, name }
  const availableName = readAvailableName(value)
  return { kind, id, name, ...(availableName === undefined ? {} : { availableName }) }
}

/**
 * The name customers may see. Webhooks carry it only in the newest message and in the assignee, so it counts only where
 * that is the same agent (docs/platforms/chatwoot.md#payloads).
 */
export function withAvailableName(
  sender: Sender | null,
  candidates: readonly unknown[],
): Sender | null {
  if (sender?.kind !== 'user' || sender.availableName !== undefined) return sender
  for (const candidate of candidates) {
    if (!isRecord(candidate) || candidate.id !== sender.id) continue
    const availableName =
      kindOf(candidate.type ?? 'user') === 'user' && readAvailableName(candidate)
    if (availableName) return { ...sender, availableName }
  }
  return sender
}

function kindOf(type: unknown): Sender['kind'] {
  if (typeof type !== 'string' || type === '') return 'contact'
  const known = type.toLowerCase()
  return Object.hasOwn(KINDS, known) ? (KINDS[known] ?? 'bot') : 'bot'
}

function readAvailableName(value: Record<string, unknown>): string | undefined {
  const name = value.available_name
  return typeof name === 'string' && name !== '' ? name : undefined
}

type MessageType = 'incoming' | 'outgoing' | 'activity' | 'template'
type MessageStatus = 'sent' | 'delivered' | 'read' | 'failed'

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
