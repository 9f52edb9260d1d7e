import type { Clock } from '../kernel/clock.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Direction } from './entry.ts'

/**
 * When a message of an account last got across: `in` was shown in Chatwoot, `out` was taken by WasenderAPI. Tells one
 * message that is refused from a platform that is out of order. Kept in memory: after a start nothing has got across yet.
 */
export type LastDelivered = {
  note(account: AccountId, direction: 'in' | 'out'): void
  /** Whether one got across after this moment, ms since 1970. Receipts go to Chatwoot, as messages from WhatsApp do. */
  isSince(account: AccountId, direction: Direction, moment: number): boolean
}

export function createLastDelivered({ clock }: { clock: Clock }): LastDelivered {
  const last = new Map<string, number>()
  return {
    note: (account, direction) => void last.set(`${direction}:${account}`, clock.now()),
    isSince(account, direction, moment) {
      const at = last.get(`${direction === 'out' ? 'out' : 'in'}:${account}`)
      return at !== undefined && at > moment
    },
  }
}
