import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Entry, Lane } from '../lanes/lanes.ts'
import type { Handle } from '../lanes/turn.ts'

/**
 * Holds what goes to a Chatwoot that is out of order, without counting attempts, so that it goes on the moment Chatwoot
 * is back and not when the next retry of each lane happens to be due. What has waited for as long as messages are
 * retried is tried once more for itself: its own failure then decides.
 */
export function holdForChatwoot(
  handle: Handle,
  { accountOf, clock }: { accountOf: (lane: Lane) => Account; clock: Clock },
): Handle {
  return async (entry, lane) => {
    const account = accountOf(lane)
    if (isOver(account, entry, clock.now())) return handle(entry, lane)
    const parkUntil = await account.chatwootBreaker.hold()
    return parkUntil === undefined ? handle(entry, lane) : { parkUntil }
  }
}

function isOver(account: Account, { renewedAt, receivedAt }: Entry, now: number): boolean {
  return now >= (renewedAt ?? receivedAt) + account.options.retryFor
}
