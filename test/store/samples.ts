import {
  type AccountId,
  asId,
  type ChatId,
  type ContactId,
  type ConversationId,
  type InboxId,
  type KeyId,
  type MessageId,
  type MsgId,
  type SourceId,
} from '../../src/kernel/ids.ts'
import { storeKey } from '../../src/state/store/keys.ts'
import type { AccountState, Chat, InboundLink, OutboundLink } from '../../src/state/store/types.ts'

export const account = asId<AccountId>('sales')
export const chatId = (name: string | number): ChatId => asId<ChatId>(`lid:${name}`)

/** The link of the n-th message an agent wrote, in one of a thousand chats. */
export function outboundLink(n: number, changes: Partial<OutboundLink> = {}): OutboundLink {
  return {
    account,
    chat: chatId(n % 1000),
    conversationId: asId<ConversationId>(n % 1000),
    messageId: asId<MessageId>(n),
    at: 1_700_000_000_000 + n,
    direction: 'out',
    part: 0,
    state: 'linked',
    fingerprint: n.toString(36).padStart(16, 'f'),
    sentAt: 1_700_000_000_000 + n,
    msgId: asId<MsgId>(5_000_000 + n),
    keyId: asId<KeyId>(`3EB0${n.toString(16).toUpperCase().padStart(16, '0')}`),
    linkedBy: 'echo',
    ...changes,
  }
}

/** The link of the n-th message of a customer. */
export function inboundLink(n: number, changes: Partial<InboundLink> = {}): InboundLink {
  return {
    account,
    chat: chatId(n % 1000),
    conversationId: asId<ConversationId>(n % 1000),
    messageId: asId<MessageId>(n),
    at: 1_700_000_000_000 + n,
    direction: 'in',
    keyId: asId<KeyId>(`3A${n.toString(16).toUpperCase().padStart(18, '0')}`),
    fromMe: false,
    ...changes,
  }
}

export function chat(n: number, changes: Partial<Chat> = {}): Chat {
  return {
    account,
    chat: chatId(n),
    inboxId: asId<InboxId>(3),
    contactId: asId<ContactId>(n),
    sourceId: asId<SourceId>(`source-${n}`),
    conversationId: asId<ConversationId>(n),
    conversationStatus: 'open',
    at: 1_700_000_000_000,
    ...changes,
  }
}

export function accountState(at: number, changes: Partial<AccountState> = {}): AccountState {
  return { account, since: 1_700_000_000_000, at, ...changes }
}

/** The id of a link in the store. */
export function linkId(link: InboundLink | OutboundLink): string {
  return link.direction === 'in'
    ? storeKey.inboundLink(link.account, link.keyId)
    : storeKey.outboundLink(link.account, link.messageId, link.part)
}
