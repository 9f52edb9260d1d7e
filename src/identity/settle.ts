import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ChatId } from '../ids.ts'
import type { Store } from '../store/types.ts'
import { createJoinedChats } from './joined-chats.ts'
import type { People, Who } from './people.ts'

/**
 * The chat of someone, with everything that is learned on the way: addresses that lead to it, and other chats of the same
 * person, which become part of it here and in Chatwoot.
 *
 * Takes the place of `people.resolve` where a lane is worked on, after `withPhone` and before anything is looked up by
 * the chat:
 *
 * ```ts
 * const who = await withPhone(account, people, addresses, entry.attempts)
 * const chat = await settle(account, who)
 * ```
 *
 * May call Chatwoot, so never in a webhook route. Throws what Chatwoot's client throws; repeating it is safe. A message
 * that was queued under an old name of the person needs nothing: settled, it finds the chat that stayed.
 */
export type Settle = (account: Account, who: Who) => Promise<ChatId>

export function createSettle(deps: { people: People; store: Store; clock: Clock }): Settle {
  const joined = createJoinedChats(deps)
  return async (account, who) => {
    const chat = await deps.people.resolve(account.id, who)
    await joined.join(account, chat, who)
    return chat
  }
}
