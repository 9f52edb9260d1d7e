import type { ChatId, ContactId, ConversationId, KeyId, MessageId } from '../kernel/ids.ts'
import type { MessageEvent as AgentMessageEvent } from '../platforms/chatwoot/events.ts'
import type {
  ReceiptEvent,
  SendFailedEvent,
  StatusEvent,
} from '../platforms/wasender/events/types.ts'
import type { Who } from '../platforms/wasender/jid.ts'
import type { MarkReadEvent } from './inbound/inbound-events.ts'
import type { OperatorEvent } from './operator-news.ts'

/** What waits in an `out` lane: something happened to an agent's message. */
export type OutEvent = AgentMessageEvent

/** A contact is gone from Chatwoot. Stored in the spool only, and without anything about the person. */
export type ContactDeletedEvent = {
  type: 'contact'
  action: 'deleted'
  contact: { id: ContactId }
}

/** The status of an agent's message may have changed and Chatwoot has to be told. */
export type ReportEvent = {
  type: 'report'
  conversationId: ConversationId
  messageId: MessageId
  /** Chatwoot may show less than it was told: it is looked at, and told again. */
  again?: true
}

/** Agents are to know that a message waits for the WhatsApp session, or that the session is back. */
export type WaitingEvent = {
  type: 'waiting'
  is: 'down' | 'back'
  /** When the session went down, ms since 1970; names the outage. */
  since: number
  conversationId: ConversationId
  /** The first message of the conversation that waits. */
  messageId: MessageId
}

/** Something from WhatsApp was given up, and agents are to know that it is missing. */
export type NotShownEvent = {
  type: 'not-shown'
  /** Whose chat it belongs to, or at least the name of the chat. */
  who?: Who
  chat?: ChatId
  keyId?: KeyId
  /** WhatsApp's name of the kind, or another key of `inboundKinds`; absent for a text, or when nobody looked. */
  kind?: string
  /** When it was written, or else came, ms since 1970. */
  at: number
  /** Of the entry that was given up; names the note. */
  entryId: string
}

/** What waits in a `status` lane. */
export type StatusLaneEvent =
  | StatusEvent
  | ReceiptEvent
  | SendFailedEvent
  | ReportEvent
  | WaitingEvent
  | NotShownEvent
  | OperatorEvent
  | MarkReadEvent
