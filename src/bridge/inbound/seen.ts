import type { Account } from '../../accounts/account.ts'
import type { ChatId, ConversationId, KeyId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { People } from '../../people/people.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { Entry } from '../../queue/entry.ts'
import { bestEffort } from '../../queue/lane-worker.ts'
import type { Unread } from './after-post.ts'
import type { SeenEvent } from './inbound-events.ts'

/** A badge must not keep messages of the chat waiting for long. */
const ATTEMPTS = 5

type SeenDeps = { people: People; conversations: Conversations; unread: Unread }

/**
 * Clears the unread badge of a conversation once everything in it was read on the phone
 * (docs/platforms/wasender.md#status-changes, #chats-contacts-and-groups). The receipts of a chat come one per message,
 * so only the one that leaves nothing unread costs a call.
 */
export async function handleSeen(
  account: Account,
  entry: Entry,
  event: SeenEvent,
  deps: SeenDeps,
): Promise<void> {
  await bestEffort(entry, ATTEMPTS, () => see(account, event, deps))
}

async function see(account: Account, { who, keyId }: SeenEvent, deps: SeenDeps): Promise<void> {
  const { people, unread } = deps
  const chat = await people.find(account.id, who)
  const left = chat === undefined ? undefined : await leftAfter(account, chat, keyId, unread)
  if (chat === undefined || left === undefined) return
  if (left.length === 0) await allSeen(account, chat, deps)
  else if (keyId !== undefined) await unread.remove(account.id, chat, keyId)
}

/** What is still unread after this; `undefined` when nothing has changed. */
async function leftAfter(account: Account, chat: ChatId, keyId: KeyId | undefined, unread: Unread) {
  const waiting = await unread.list(account.id, chat)
  const left = keyId === undefined ? [] : waiting.filter((key) => key.id !== keyId)
  return left.length === waiting.length ? undefined : left
}

async function allSeen(
  account: Account,
  chat: ChatId,
  { conversations, unread }: SeenDeps,
): Promise<void> {
  const known = await conversations.get(account.id, chat)
  if (known?.conversationId !== undefined) await clearBadge(account, known.conversationId)
  await unread.clear(account.id, chat)
}

async function clearBadge(account: Account, conversation: ConversationId): Promise<void> {
  try {
    await account.chatwoot.conversations.updateLastSeen(conversation)
  } catch (error) {
    // Deleted in Chatwoot meanwhile: nothing is left to be seen.
    if (!isNotFound(error)) throw error
  }
}
