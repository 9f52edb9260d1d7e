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
const STATUSES = ['open', 'resolved', 'pending', 'snoozed'] as const

/**
 * An unknown status counts as open: posting there is what Chatwoot itself handles right in every
 * state.
 */
const status = field(
  (value) => STATUSES.find((name, index) => value === name || value === index) ?? 'open',
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
