import type { MsgId } from '../../../kernel/ids.ts'
import type { Address } from '../jid.ts'
import type { SessionStatus } from '../session-status.ts'
import type { Ack } from './fields.ts'
import type { Addresses, WaKey } from './key.ts'

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

/** The parts of a message that do not depend on what delivered it. */
export type MessageContent = {
  key: WaKey
  /** The raw WhatsApp message, untouched; absent for a message that could not be decrypted. */
  message?: Record<string, unknown>
  /** WasenderAPI's own extract of text, caption or reply. May be empty. */
  messageBody?: string
  /** When it was written, milliseconds since 1970. */
  at?: number
  /** The sender's own display name; of our own messages it is ours. */
  pushName?: string
  status?: Ack
  broadcast?: boolean
  /** Marks system messages; type 2 is an undecryptable one. */
  stub?: { type: number; parameters: string[] }
}

/** A message in either direction. The same one may come under several names: `via` says which. */
export type MessageEvent = MessageContent & { type: 'message'; via: string }

/**
 * `message.sent`: a message left the session. It need not have come from the API
 * (docs/platforms/wasender.md#sent-or-failed).
 */
export type SentEvent = MessageContent & { type: 'sent' }

/** `message.sent` without success. It hardly ever names the message, only the number it was for. */
export type SendFailedEvent = {
  type: 'send-failed'
  /** Who it was for, read out of the error text; the text itself stays out because it holds the number. */
  to?: Address
  key?: WaKey
  msgId?: MsgId
  /** Equal when the webhook is repeated, and different for another failure. Without a time it cannot be told. */
  digest?: string
  /** `invalid-number`: nobody is on WhatsApp under that address. */
  reason: 'invalid-number' | 'unspecified'
  /** WhatsApp's own number for a limit on the account, 463 or 475. */
  errorCode?: string
  /** What the gateway says, masked; absent when the reason or the number says it all. */
  words?: string
}

/** With `key.fromMe` false, status 4 says the owner read the message on another device. */
export type StatusEvent = {
  type: 'status'
  key: WaKey
  status: Ack
  /** WhatsApp's own number for an error, when it came along with status 0. */
  errorCode?: string
}

/** The message `key` names has this content now. */
export type EditedEvent = {
  type: 'edited'
  key: WaKey
  /** The new content, unwrapped down to the node that holds the text or caption. */
  message: Record<string, unknown>
  at?: number
  /** When the webhook was made, milliseconds since 1970; a repetition has the same. */
  toldAt?: number
}

/**
 * The message `key` names is gone. `messages.delete` may mean gone on our side only
 * (docs/platforms/wasender.md#deletions).
 */
export type RevokedEvent = { type: 'revoked'; key: WaKey; via: string }

/** All messages of a chat were removed on one of the account's own devices. */
export type ChatClearedEvent = { type: 'chat-cleared'; chat: Addresses }

/** One group member's receipt for a message. */
export type ReceiptEvent = {
  type: 'receipt'
  key: WaKey
  status: Ack
  member?: Addresses
  at?: number
}

export type ReactionEvent = {
  type: 'reaction'
  /** The message reacted to. */
  target: WaKey
  /** The emoji; empty when the reaction was taken back. */
  text: string
  /** Key of the reaction itself, so its author; absent when the body only repeats the target's key. */
  reactionKey?: WaKey
  at?: number
}

/** The full tally, each time. */
export type PollResultEvent = {
  type: 'poll-result'
  key: WaKey
  options: { name: string; votes: number; voters: Addresses[] }[]
}

export type ChatsEvent = {
  type: 'chats'
  action: 'upsert' | 'update' | 'delete'
  chat: Addresses
  name?: string
  /** 0 means read elsewhere. */
  unread?: number
  at?: number
}

export type ContactsEvent = {
  type: 'contacts'
  action: 'upsert' | 'update'
  contact: Addresses
  /** As saved in the phone's address book. */
  name?: string
  /** The name the contact gave himself. */
  notify?: string
  verifiedName?: string
  about?: string
  /** `changed` comes without an address: fetch the picture anew. */
  picture?: { kind: 'url'; url: string } | { kind: 'changed' } | { kind: 'removed' }
}

export type Member = Addresses & { admin?: boolean }

export type GroupsEvent = {
  type: 'groups'
  action: 'upsert' | 'update'
  group: Address
  subject?: string
  description?: string
  owner?: Address
  /** Who changed it. */
  author?: Address
  /** Only admins may write. */
  announce?: boolean
  /** Only admins may change settings. */
  restrict?: boolean
  /** Everyone may add members. */
  memberAdd?: boolean
  /** Admins decide who may join. */
  joinApproval?: boolean
  createdAt?: number
  members?: Member[]
}

export type ParticipantsAction =
  | 'add'
  | 'remove'
  | 'promote'
  | 'demote'
  | 'modify'
  /** Somebody who is not in the group asked to be, withdrew that, or was refused. */
  | 'request'
  | 'request-withdrawn'
  | 'request-refused'

export type ParticipantsEvent = {
  type: 'participants'
  group: Address
  action: ParticipantsAction
  members: Member[]
  /** Who did it. */
  author?: Address
}

export type CallEvent = {
  type: 'call'
  id: string
  caller: Addresses
  group?: Address
  /** Lower case: offer, ringing, timeout, reject, accept, terminate. */
  status: string
  isGroup: boolean
  isVideo: boolean
  at?: number
}

export type SessionStatusEvent = {
  type: 'session-status'
  status: SessionStatus
  reason?: string
}

/** A login secret: show it to the operator, keep it nowhere. */
export type QrEvent = { type: 'qr'; qr: string }

/** Progress of linking by passkey. The token is left out: linking is finished at WasenderAPI. */
export type PasskeyEvent = {
  type: 'passkey'
  stage: string
  requestId?: string
  code?: string
  error?: string
  expiresAt?: number
}
