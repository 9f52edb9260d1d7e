import type { Account } from '../../account.ts'
import type { OutEvent } from '../events.ts'

/**
 * The flag, never the text, which Chatwoot replaces in the account's language
 * (docs/platforms/chatwoot.md#deletion-and-retry).
 */
export function isDeleted({ contentAttributes }: Pick<OutEvent, 'contentAttributes'>): boolean {
  return contentAttributes.deleted === true
}

/**
 * Whether an agent's message that was never sent is to be sent now. When only an update of it comes, its
 * `message_created` was lost (docs/platforms/chatwoot.md#where-messages-come-from); unless it is an old message that
 * somebody touched, which was sent by whatever ran before.
 */
export function isDue(account: Account, event: OutEvent, since: number, now: number): boolean {
  if (isDeleted(event)) return false
  if (event.action === 'created') return true
  const writtenAt = event.createdAt ?? 0
  return writtenAt >= since && now - writtenAt <= account.options.catchUp.maxAge
}
