import type {
  AccountId,
  ChatId,
  ContactId,
  ConversationId,
  KeyId,
  MessageId,
  MsgId,
  SourceId,
} from '../../kernel/ids.ts'
import type { Chat, ChatIndex, Link, LinkIndex, OutboundLink } from './types.ts'

/**
 * Every key of the store is built here and carries the account, so that no account can ever meet another's
 * ids. `%` and `:` in a part are escaped: two different tuples never give one key.
 */
function join(...parts: (string | number)[]): string {
  return parts
    .map((part) => String(part).replace(/[%:]/g, (c) => (c === '%' ? '%25' : '%3A')))
    .join(':')
}

export const storeKey = {
  inboundLink: (account: AccountId, keyId: KeyId) => join('in', account, keyId),
  outboundLink: (account: AccountId, message: MessageId, part: number) =>
    join('out', account, message, part),
  chat: (account: AccountId, chat: ChatId) => join(account, chat),
  alias: (account: AccountId, alias: string) => join(account, alias),
  account: (account: AccountId) => join(account),
  byKey: (account: AccountId, keyId: KeyId) => join(account, keyId),
  byMessage: (account: AccountId, message: MessageId) => join(account, message),
  byMsg: (account: AccountId, msgId: MsgId) => join(account, msgId),
  byChat: (account: AccountId, chat: ChatId) => join(account, chat),
  byPrint: (account: AccountId, fingerprint: string) => join(account, fingerprint),
  byConversation: (account: AccountId, conversation: ConversationId) => join(account, conversation),
  bySource: (account: AccountId, source: SourceId) => join(account, source),
  byContact: (account: AccountId, contact: ContactId) => join(account, contact),
}

/** The address in the id of an alias: the inverse of `storeKey.alias`. */
export function aliasInKey(account: AccountId, id: string): string {
  const escaped = id.slice(storeKey.account(account).length + 1)
  return escaped.replace(/%3A/g, ':').replace(/%25/g, '%')
}

/** Index name to the secondary key of a value; `undefined` keeps the value out of that index. */
export type Indexes<T, Name extends string> = Record<Name, (value: T) => string | undefined>

export const linkIndexes: Indexes<Link, LinkIndex> = {
  key: (link) => (link.keyId === undefined ? undefined : storeKey.byKey(link.account, link.keyId)),
  message: (link) => storeKey.byMessage(link.account, link.messageId),
  msg: (link) =>
    link.direction === 'out' && link.msgId !== undefined
      ? storeKey.byMsg(link.account, link.msgId)
      : undefined,
  open: (link) => (isOpen(link) ? storeKey.byChat(link.account, link.chat) : undefined),
  print: (link) => (isOpen(link) ? storeKey.byPrint(link.account, link.fingerprint) : undefined),
}

export const chatIndexes: Indexes<Chat, ChatIndex> = {
  conversation: (chat) =>
    chat.conversationId === undefined
      ? undefined
      : storeKey.byConversation(chat.account, chat.conversationId),
  source: (chat) => storeKey.bySource(chat.account, chat.sourceId),
  contact: (chat) => storeKey.byContact(chat.account, chat.contactId),
}

/** A send whose WhatsApp key id is still to be learned, or would be a proof that it was sent. */
export function isOpen(link: Link): link is OutboundLink {
  if (link.direction !== 'out') return false
  return link.inDoubt === true || ['sending', 'unknown', 'accepted'].includes(link.state)
}

/** 180 days: how long a link is kept after its last change. */
export const LINK_AGE_MS = 180 * 24 * 60 * 60 * 1000
