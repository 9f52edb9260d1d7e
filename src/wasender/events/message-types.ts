import type { MsgId } from '../../ids.ts'
import type { Address } from '../jid.ts'
import type { Ack } from './ack.ts'
import type { Addresses } from './addresses.ts'
import type { WaKey } from './key.ts'

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
