import type { MessageEvent as AgentMessageEvent } from '../chatwoot/events.ts'
import type { ConversationId, MessageId } from '../ids.ts'
import type {
  MessageEvent,
  ReceiptEvent,
  SendFailedEvent,
  SentEvent,
  StatusEvent,
} from '../wasender/events/message-types.ts'

/** What waits in an `in` lane: a WhatsApp message of either direction. */
export type InEvent = MessageEvent | SentEvent

/** What waits in an `out` lane: something happened to an agent's message. */
export type OutEvent = AgentMessageEvent

/** The status of an agent's message may have changed and Chatwoot has to be told. */
export type ReportEvent = {
  type: 'report'
  conversationId: ConversationId
  messageId: MessageId
}

/** What waits in a `status` lane. */
export type StatusLaneEvent = StatusEvent | ReceiptEvent | SendFailedEvent | ReportEvent
