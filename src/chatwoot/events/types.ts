import type { Contact } from '../shapes/contact.ts'
import type { ConversationRef } from '../shapes/conversation.ts'
import type { Message } from '../shapes/message.ts'
import type { Sender } from '../shapes/sender.ts'

/** What changed, by attribute. Values are as Chatwoot sent them; credentials are left out. */
export type Changes = Record<string, { previous: unknown; current: unknown }>

/**
 * Present where the payload names it: conversation and typing events do not before Chatwoot 4.14.2.
 */
type InAccount = { accountId?: number }

/**
 * `id` and all other fields are the event's own, never those of the newest message it also carries.
 */
export type MessageEvent = Message &
  InAccount & {
    type: 'message'
    action: 'created' | 'updated'
    conversation: ConversationRef
  }

export type ConversationEvent = InAccount & {
  type: 'conversation'
  action: 'created' | 'updated' | 'status_changed'
  conversation: ConversationRef
  /** Empty for `created` and `status_changed`, which do not say. */
  changed: Changes
}

export type TypingEvent = InAccount & {
  type: 'typing'
  on: boolean
  /** The agent is writing a private note: the customer must not see it. */
  private: boolean
  user: Sender | null
  conversation: ConversationRef
}

export type ContactEvent = InAccount & {
  type: 'contact'
  /** No release of Chatwoot up to 4.16 tells of deletions; automations and other programs may. */
  action: 'created' | 'updated' | 'deleted'
  contact: Contact
  /** Every incoming message changes `last_activity_at`, which is noise. */
  changed: Changes
}

/** Known, and of no interest to the bridge. */
export type OtherEvent = { type: 'other'; event: string }

/** Authentic, but nothing the bridge can read: counted and answered 2xx. */
export type UnknownEvent = {
  type: 'unknown'
  /** The event's name when it looks like one; safe to log. */
  event?: string
  reason: 'not-an-object' | 'no-event' | 'unknown-event' | 'unreadable'
  /** For `unreadable`: paths of the fields in question, never their values. */
  fields?: string[]
}

export type ChatwootEvent =
  | MessageEvent
  | ConversationEvent
  | TypingEvent
  | ContactEvent
  | OtherEvent
  | UnknownEvent
