import type { Incoming } from '../../content/message/incoming.ts'
import type { ChatId, KeyId } from '../../kernel/ids.ts'
import type {
  ContactsEvent,
  MessageEvent,
  WasenderEvent,
} from '../../platforms/wasender/events/index.ts'
import type { Who } from '../../platforms/wasender/jid.ts'

/** Names of the events that may show up in a conversation. */
export type ShownType =
  | 'message'
  | 'sent'
  | 'edited'
  | 'revoked'
  | 'reaction'
  | 'poll-result'
  | 'call'
  | 'participants'
  | 'groups'

/** An event that may show up in a conversation. */
export type ShownEvent = Extract<WasenderEvent, { type: ShownType }>

/** The message a change belongs to never came: the change is shown by itself. */
export type OrphanEvent = { type: 'orphan'; event: ShownEvent }

/** A message that could not be decrypted, and whose full version did not follow in time. */
export type UndecryptedEvent = { type: 'undecrypted'; event: MessageEvent }

/** Customer's messages were read on the phone: one of them, or without a `keyId` all of the chat. */
export type SeenEvent = { type: 'seen'; who: Who; keyId?: KeyId }

/** What a contact is called or looks like may have changed. Waits in a lane of its own: it is never urgent. */
export type ProfileEvent = {
  type: 'profile'
  chat: ChatId
  name?: string
  picture?: NonNullable<ContactsEvent['picture']>
}

/** Waits in a lane of its own, so that the chat goes on meanwhile. */
export type DeferredEvent =
  /** Until the message it is about is known, or `until` (ms since 1970) has passed. */
  | { type: 'later'; for: 'target'; target: KeyId; until: number; event: ShownEvent }
  /** Until a better file of the message is there, or `until` has passed. */
  | { type: 'later'; for: 'twin'; parent: KeyId; until: number; event: ShownEvent }
  /** A while, for the votes that follow at once. */
  | { type: 'later'; for: 'votes'; event: ShownEvent }
  /** A while, for the words of an edit that came encrypted. */
  | { type: 'later'; for: 'edit'; event: ShownEvent }
  /** A while, for the full version of a message that could not be decrypted. */
  | { type: 'later'; for: 'content'; event: MessageEvent }

/** What waits in an `in` lane. */
export type InEvent =
  | ShownEvent
  | OrphanEvent
  | UndecryptedEvent
  | SeenEvent
  | ContactsEvent
  | ProfileEvent
  | DeferredEvent

/** An agent answered: the customer's messages up to now are to get their blue ticks. */
export type MarkReadEvent = { type: 'mark-read'; chat: ChatId }

/** Something that is to be shown in a conversation. */
export type Carried = {
  incoming: Incoming
  event: ShownEvent
  /** The message it belongs to was waited for in vain. */
  isOrphan: boolean
}
