import { z } from 'zod'
import {
  asId,
  type ConversationId,
  type InboxId,
  type MessageId,
  type SourceId,
} from '../../../kernel/ids.ts'
import { type ContactRef, contactRefSchema } from './contact.ts'
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
  maybeFlag,
  messageId,
  text,
} from './lenient.ts'

export type ConversationStatus = 'open' | 'resolved' | 'pending' | 'snoozed'

/**
 * A conversation, whether it came from the REST API or in a webhook. Times are milliseconds since
 * 1970.
 */
export type ConversationRef = {
  id: ConversationId
  inboxId: InboxId
  status: ConversationStatus
  /**
   * `contact_inbox.source_id`. REST answers show it only inside the newest message, so it may be
   * null there.
   */
  sourceId: SourceId | null
  contact: ContactRef
  /** Written on create and never again: where the bridge keeps the chat's address. */
  additionalAttributes: Attributes
  customAttributes: Attributes
  canReply?: boolean
  /** When any agent last looked at it; absent when none did. */
  agentLastSeenAt?: number
  /** Capped at 10 by Chatwoot. */
  unreadCount?: number
  lastActivityAt?: number
  /** The newest message it shows: not necessarily the one an event is about. */
  lastMessageId?: MessageId
}

/** Position is the database's integer, which some forks send. */
const CONVERSATION_STATUSES = ['open', 'resolved', 'pending', 'snoozed'] as const

/**
 * An unknown status counts as open: posting there is what Chatwoot itself handles right in every
 * state.
 */
const status = field(
  (value) =>
    CONVERSATION_STATUSES.find((name, index) => value === name || value === index) ?? 'open',
)

/**
 * The contact is the sender of `meta`; without one the contact_inbox still says whose conversation
 * it is. Reads nothing else of the contact_inbox: its `pubsub_token` is a credential.
 */
function normalise(value: unknown): unknown {
  if (!isRecord(value)) return value
  const inbox = isRecord(value.contact_inbox) ? value.contact_inbox : {}
  const meta = isRecord(value.meta) ? value.meta : {}
  return {
    ...value,
    inbox_id: value.inbox_id ?? inbox.inbox_id,
    contact: isRecord(meta.sender) ? meta.sender : { id: inbox.contact_id },
    source_id: inbox.source_id ?? nestedSourceId(value),
    newest: newestMessage(value)?.id,
  }
}

export function newestMessage(conversation: unknown): Attributes | undefined {
  if (!isRecord(conversation)) return undefined
  const { messages } = conversation
  const newest: unknown = Array.isArray(messages) ? messages.at(-1) : undefined
  return isRecord(newest) ? newest : undefined
}

function nestedSourceId(conversation: Attributes): unknown {
  for (const message of [newestMessage(conversation), conversation.last_non_activity_message]) {
    const inner = isRecord(message) && isRecord(message.conversation) ? message.conversation : {}
    if (isRecord(inner.contact_inbox)) return inner.contact_inbox.source_id
  }
  return undefined
}

export const conversationSchema = z.preprocess(
  normalise,
  z
    .object({
      id: conversationId,
      inbox_id: inboxId,
      status,
      source_id: text,
      contact: contactRefSchema,
      additional_attributes: attributes,
      custom_attributes: attributes,
      can_reply: maybeFlag,
      agent_last_seen_at: instant,
      unread_count: amount,
      last_activity_at: instant,
      newest: messageId.optional().catch(undefined),
    })
    .transform(
      (raw): ConversationRef =>
        compact({
          id: raw.id,
          inboxId: raw.inbox_id,
          status: raw.status,
          sourceId: raw.source_id === undefined ? null : asId<SourceId>(raw.source_id),
          contact: raw.contact,
          additionalAttributes: raw.additional_attributes,
          customAttributes: raw.custom_attributes,
          canReply: raw.can_reply,
          agentLastSeenAt: raw.agent_last_seen_at,
          unreadCount: raw.unread_count,
          lastActivityAt: raw.last_activity_at,
          lastMessageId: raw.newest,
        }),
    ),
)

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
