import { type Clock, hasCome } from '../kernel/clock.ts'
import { isRetryable } from '../kernel/errors.ts'

/** How one request to the platform ended. */
export type Outcome = 'ok' | 'failed'

/**
 * Keeps an account from hammering a platform that is out of order: after several failures in a row, whichever lane they
 * came from, only a probe goes there.
 */
export type Breaker = {
  /** Told about every request. Any that succeeds closes the breaker. */
  observe(outcome: Outcome): void
  /** `undefined`: go ahead. Else until when to wait, ms since 1970. Makes the probe when it is due. */
  hold(): Promise<number | undefined>
  isOpen(): boolean
  /** How to find out whether the platform is back: a small request that does no harm, and is observed like any other. */
  probeBy(probe: () => Promise<unknown>): void
  /** Called each time the platform is back. */
  onClose(listener: () => void): void
}

export type BreakerOptions = {
  clock: Clock
  /** Waits between probes; the last one repeats. */
  waitsMs?: readonly number[]
}

/** One lane alone gets here within half a minute, many lanes at once. */
const OPEN_AFTER = 5
const SECOND = 1_000
const WAITS_MS = [1, 2, 5, 10, 30, 60].map((seconds) => seconds * SECOND)

export function createBreaker({ clock, waitsMs = WAITS_MS }: BreakerOptions): Breaker {
  let probe: () => Promise<unknown> = async () => {}
  const listeners: (() => void)[] = []
  let failures = 0
  let open: { probes: number; probeAt: number } | undefined

  const waitAfter = (probes: number) => waitsMs[Math.min(probes, waitsMs.length - 1)] ?? 60 * SECOND

  const mostMs = Math.max(...waitsMs)

  function close(): void {
    failures = 0
    if (open === undefined) return
    open = undefined
    for (const listener of listeners) listener()
  }

  /** What the probe came to is seen by `observe`; why it failed does not matter. */
  async function tryProbe(): Promise<void> {
    try {
      await probe()
    } catch (error) {
      if (!isRetryable(error)) throw error
    }
  }

  return {
    observe(outcome) {
      if (outcome === 'ok') return close()
      failures += 1
      if (open === undefined && failures >= OPEN_AFTER) {
        open = { probes: 0, probeAt: clock.now() + waitAfter(0) }
      }
    },

    async hold() {
      if (open === undefined || !hasCome(open.probeAt, clock.now(), mostMs)) return open?.probeAt
      const mine = open
      mine.probes += 1
      // Set before the probe, so that it stays the only one, and after, since it may have taken long.
      mine.probeAt = clock.now() + waitAfter(mine.probes)
      await tryProbe()
      if (open !== mine) return open?.probeAt
      mine.probeAt = clock.now() + waitAfter(mine.probes)
      return mine.probeAt
    },

    isOpen: () => open !== undefined,
    probeBy(way) {
      probe = way
    },
    onClose: (listener) => void listeners.push(listener),
  }
}
