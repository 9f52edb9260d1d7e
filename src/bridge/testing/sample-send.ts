import type { AccountId, ChatId, ConversationId, MessageId } from '../../kernel/ids.ts'
import type { NewSend } from '../sends/journal.ts'

/** The first part of an agent's message, for tests of the journal. */
export const SAMPLE_SEND: NewSend = {
  account: 'sales' as AccountId,
  chat: 'pn:15550001111' as ChatId,
  conversationId: 15 as ConversationId,
  messageId: 1204 as MessageId,
  part: 0,
  fingerprint: 'f',
}
