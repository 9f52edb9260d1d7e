import type { ChatsEvent, ContactsEvent, GroupsEvent, ParticipantsEvent } from './chat-types.ts'
import type {
  ChatClearedEvent,
  EditedEvent,
  MessageEvent,
  PollResultEvent,
  ReactionEvent,
  ReceiptEvent,
  RevokedEvent,
  SendFailedEvent,
  SentEvent,
  StatusEvent,
} from './message-types.ts'
import type { CallEvent, PasskeyEvent, QrEvent, SessionStatusEvent } from './session-types.ts'

/** The one shape the bridge works with, whatever variant of a body it came from. */
export type WasenderEvent =
  | MessageEvent
  | SentEvent
  | SendFailedEvent
  | StatusEvent
  | EditedEvent
  | RevokedEvent
  | ChatClearedEvent
  | ReceiptEvent
  | ReactionEvent
  | PollResultEvent
  | CallEvent
  | SessionStatusEvent
  | QrEvent
  | PasskeyEvent
  | ChatsEvent
  | ContactsEvent
  | GroupsEvent
  | ParticipantsEvent
  | TestEvent
  | UnknownEvent

/** A webhook body, read. One body may hold any number of events, each about one message, chat or person. */
export type ParsedWebhook = {
  /** The event's name as it was sent, or `unnamed` when it is not a name. */
  event: string
  /** The envelope's timestamp, milliseconds since 1970. */
  at?: number
  events: WasenderEvent[]
}

/** A test delivery from the dashboard. */
export type TestEvent = { type: 'test' }

/** Nothing the bridge can use. `reason` is safe to log: it never quotes the body. */
export type UnknownEvent = { type: 'unknown'; event: string; reason: string }

/** Reads the `data` of one event, sent at `at`. Total: any JSON gives events, at worst `unknown` ones. */
export type ReadEvent = (data: unknown, event: string, at?: number) => WasenderEvent[]

export function unknownEvent(event: string, reason: string): UnknownEvent {
  return { type: 'unknown', event, reason }
}
