import type {
  AccountId,
  ChatId,
  ContactId,
  ConversationId,
  InboxId,
  KeyId,
  MessageId,
  MsgId,
  SourceId,
} from '../../kernel/ids.ts'
import type { RedisState } from '../redis/memory.ts'

/**
 * A durable map from id to value with secondary look-ups. Both stores (lowdb files, Redis) pass the same
 * conformance suite. Values are plain JSON.
 */
export interface Collection<T> {
  get(id: string): Promise<T | undefined>
  /** Resolves once the value is on disk (or in Redis). Readers see it at once. */
  put(id: string, value: T): Promise<void>
  /**
   * Atomic read-modify-write. `change` must be synchronous and pure; returning `undefined` leaves the value
   * as it is. Resolves, once durable, with the value that is now stored.
   */
  update(id: string, change: (current: T | undefined) => T | undefined): Promise<T | undefined>
  /** With `when` only while that holds for the value, in one step. It must be synchronous and pure. */
  delete(id: string, when?: (current: T) => boolean): Promise<void>
  /** Values whose secondary key equals `key`, oldest first. */
  findBy(index: string, key: string): Promise<T[]>
  count(): Promise<number>
  /**
   * Everything, in no order: for what has to look at all of it, which is rare. What is put meanwhile may be missing, and
   * what is changed meanwhile may come twice.
   */
  all(): AsyncIterable<{ id: string; value: T }>
  /** Deletes for good, so that no older version stays behind either. Resolves once durable. */
  erase(ids: ReadonlySet<string>): Promise<void>
}

/** How far one outgoing WhatsApp message has come. Order matters, see `bridge/sends/journal.ts`. */
export type SendState =
  /** To be sent again: an agent pressed Retry. */
  'queued' | 'sending' | 'unknown' | 'accepted' | 'linked' | 'delivered' | 'read' | 'failed'

/** A status Chatwoot shows on an agent's message. */
export type ReportedStatus = 'sent' | 'delivered' | 'read' | 'failed'

type LinkBase = {
  account: AccountId
  chat: ChatId
  conversationId: ConversationId
  messageId: MessageId
  /** Milliseconds since 1970 of the last change. */
  at: number
}

/** A WhatsApp message that was brought into Chatwoot. */
export type InboundLink = LinkBase & {
  direction: 'in'
  keyId: KeyId
  /** True when it was typed on the phone and mirrored. */
  fromMe: boolean
  /** How much of it is shown: 0 only that there is one, 1 its words, 2 all of it. Absent in what older releases wrote. */
  shows?: 0 | 1 | 2
  /** For mirrored ones: the furthest receipt reported to Chatwoot. */
  receipt?: 'delivered' | 'read'
}

/**
 * An address under which WhatsApp has certainly not taken a message: nobody is there, or the account may start no new
 * chat with it.
 */
export type Refusal = { to: string; why: 'nobody' | 'limit' }

/** One WhatsApp message made from (a part of) an agent's message: the send journal's entry. */
export type OutboundLink = LinkBase & {
  direction: 'out'
  /** 0 for the first WhatsApp message made from one Chatwoot message. */
  part: number
  state: SendState
  /** Fingerprint of what was sent, for recognising its echo. Not reversible. */
  fingerprint: string
  /** Milliseconds since 1970 when the request was about to leave. */
  sentAt: number
  /** Where it was sent to last: a number with `+`, or a JID. */
  to?: string
  /** Where it was refused before: each address is tried once. */
  refusals?: readonly Refusal[]
  msgId?: MsgId
  keyId?: KeyId
  /** How `keyId` was learned; `info` overrules `echo`. */
  linkedBy?: 'echo' | 'info'
  /** What Chatwoot was last told about the message. Kept on part 0, for all parts together. */
  reported?: ReportedStatus
  /** Why it failed, in words for an agent. */
  reason?: string
  /** It counts as failed although nothing told so for certain: an echo may still prove that it was sent. */
  inDoubt?: true
  /** What was typed on the phone and wrongly taken for its echo; still to be shown as what it is. */
  mistakenEchoes?: KeyId
  /** How many WhatsApp messages the Chatwoot message makes. */
  of?: number
  /** The message it quotes, and how: natively by `msgId`, else by its text. On part 0, and never changed. */
  quote?: { message: MessageId; msgId?: MsgId }
  /** What Chatwoot forgets when Retry is pressed (docs/platforms/chatwoot.md#deletion-and-retry). On part 0. */
  attributes?: Readonly<Record<string, unknown>>
  /** The change WhatsApp was last asked to make: `revoke`, or the fingerprint of the new text. */
  asked?: string
  /** Deleted for everyone, because of this Chatwoot message: itself, or the note with the command. */
  deletedBy?: MessageId
}

/** Ids of `links`: `in:{account}:{keyId}` and `out:{account}:{messageId}:{part}`. */
export type Link = InboundLink | OutboundLink

/** What the bridge knows about one chat of one account. Id: `{account}:{chat}`. */
export type Chat = {
  account: AccountId
  chat: ChatId
  inboxId: InboxId
  contactId: ContactId
  sourceId: SourceId
  /** Digits of the person's number, when known. */
  phone?: string
  /** The id before `@lid`, when known. */
  lid?: string
  /** What agents write goes there, since WhatsApp has refused the other one. */
  sendTo?: 'phone' | 'lid'
  /** The conversation new messages go to; absent until one is made or after it was deleted. */
  conversationId?: ConversationId
  /** Last status heard of it. */
  conversationStatus?: 'open' | 'pending' | 'snoozed' | 'resolved'
  /** The last contact name the bridge itself wrote, so that an agent's name is never overwritten. */
  nameSet?: string
  /** The last name WhatsApp told that was compared with the contact's, whatever came of it. */
  nameOffered?: string
  at: number
}

/** One address of a person: `{account}:pn:1555…` or `{account}:lid:1899…` leads to the chat. */
export type Alias = {
  account: AccountId
  chat: ChatId
  /** As saved in the phone's address book, or a group's subject. */
  savedName?: string
  /** As the person calls themselves. */
  ownName?: string
  at: number
}

/** Things remembered per account across restarts. Id: the account id. */
export type AccountState = {
  account: AccountId
  /** The spelling of WasenderAPI's send routes that works for this account. */
  routes?: 'unified' | 'per-type'
  /** The WasenderAPI session, and a fingerprint of the configured API key that it was found by. */
  session?: { id: number; key: string } | undefined
  /** First time this account was started. Messages older than that belong to whatever ran before. */
  since: number
  /** Links were damaged: what was sent before then may be forgotten. ms since 1970. */
  forgotBefore?: number
  /** The Chatwoot that everything kept of the account is about. */
  chatwoot?: ChatwootPlace
  /** Absent until there is one. */
  operator?: OperatorRecord
  at: number
}

/** Where the numbers of conversations and messages mean the same: one account of one Chatwoot. */
export type ChatwootPlace = {
  /** With its port and path, if any. */
  host: string
  accountId: number
}

/** The operator's conversation (docs/operator.md). */
export type OperatorRecord = {
  inboxId: InboxId
  conversationId: ConversationId
  /** The state of the WhatsApp session that was told there last. */
  told?: string
}

/** Secondary keys of `links`. Build them with `state/store/keys.ts`. */
export type LinkIndex =
  /** `{account}:{keyId}` */
  | 'key'
  /** `{account}:{messageId}` */
  | 'message'
  /** `{account}:{msgId}` */
  | 'msg'
  /** `{account}:{chat}`: outgoing ones in state sending, unknown or accepted, that is without a key id; or in doubt. */
  | 'open'
  /** `{account}:{fingerprint}`: the same ones by what was sent, for echoes under an unknown address. */
  | 'print'

/** Secondary keys of `chats`. */
export type ChatIndex =
  /** `{account}:{conversationId}` */
  | 'conversation'
  /** `{account}:{sourceId}` */
  | 'source'
  /** `{account}:{contactId}` */
  | 'contact'

/** What is remembered, by kind. */
export type Collections = {
  links: Collection<Link>
  chats: Collection<Chat>
  aliases: Collection<Alias>
  accounts: Collection<AccountState>
}

/** Everything the bridge remembers that is not in a lane. */
export interface Store extends Collections {
  /** Resolves when everything put so far is durable. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Where the bridge keeps what it knows: its Redis with the prefix of its keys, and the store. */
export type State = RedisState & { store: Store }
