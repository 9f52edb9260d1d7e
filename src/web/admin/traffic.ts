import type { Observer } from '../../bridge/observer.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'

/** What moved within five minutes. */
export type TrafficBar = { in: number; out: number; failed: number }

/** What one account did lately. */
export type AccountTraffic = {
  /** Oldest first, the last one being the current five minutes. */
  bars: TrafficBar[]
  /** Milliseconds since 1970 of the last message either way; absent when there was none since the start. */
  lastIn?: number
  lastOut?: number
}

/** Counts of the last hours for the charts, in memory only: a restart begins anew. */
export type Traffic = {
  count(account: AccountId, what: keyof TrafficBar): void
  of(account: AccountId): AccountTraffic
  sessionChanged(account: AccountId): void
  /** When the session last told that it changed, ms since 1970; 0 when it never did. */
  sessionChangedAt(account: AccountId): number
}

export const BAR_MS = 5 * 60_000
export const BARS = 72

type Counted = {
  bars: Map<number, TrafficBar>
  lastIn?: number
  lastOut?: number
  sessionChangedAt: number
}

export function createTraffic({ clock }: { clock: Clock }): Traffic {
  const accounts = new Map<AccountId, Counted>()
  const slotNow = () => Math.floor(clock.now() / BAR_MS)

  function of(account: AccountId): Counted {
    const known = accounts.get(account) ?? { bars: new Map(), sessionChangedAt: 0 }
    accounts.set(account, known)
    return known
  }

  function barOf({ bars }: Counted): TrafficBar {
    const slot = slotNow()
    const known = bars.get(slot)
    if (known !== undefined) return known
    for (const old of bars.keys()) if (old <= slot - BARS) bars.delete(old)
    const fresh = { in: 0, out: 0, failed: 0 }
    bars.set(slot, fresh)
    return fresh
  }

  return {
    count(account, what) {
      const counted = of(account)
      barOf(counted)[what] += 1
      if (what === 'in') counted.lastIn = clock.now()
      if (what === 'out') counted.lastOut = clock.now()
    },
    of(account) {
      const { bars, lastIn, lastOut } = of(account)
      const first = slotNow() - BARS + 1
      return {
        bars: Array.from({ length: BARS }, (_, index) => {
          return { ...(bars.get(first + index) ?? { in: 0, out: 0, failed: 0 }) }
        }),
        ...(lastIn === undefined ? {} : { lastIn }),
        ...(lastOut === undefined ? {} : { lastOut }),
      }
    },
    sessionChanged: (account) => {
      of(account).sessionChangedAt = clock.now()
    },
    sessionChangedAt: (account) => of(account).sessionChangedAt,
  }
}

/** What counts in a chart, by direction and result. */
const COUNTED: Readonly<Record<string, keyof TrafficBar>> = {
  'in delivered': 'in',
  'out accepted': 'out',
  'out failed': 'failed',
  'out unknown': 'failed',
}

/** An observer that also fills the charts. */
export function withTraffic<T extends Observer>(observer: T, traffic: Traffic): T {
  return {
    ...observer,
    onMessage(message) {
      observer.onMessage(message)
      const what = COUNTED[`${message.direction} ${message.result}`]
      if (what !== undefined) traffic.count(message.account.id, what)
    },
    onAttemptFailed(failure) {
      observer.onAttemptFailed(failure)
      const { lane, retryAt } = failure
      // Agents' messages tell of their failure themselves.
      if (retryAt === undefined && lane.direction === 'in') traffic.count(lane.account, 'failed')
    },
    onSessionStatus(account, status) {
      observer.onSessionStatus(account, status)
      traffic.sessionChanged(account.id)
    },
  }
}
