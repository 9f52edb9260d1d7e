import type { Clock } from '../clock.ts'

/** Brings credentials up to date, or does nothing when that was done a moment ago. Never rejects. */
export type Refresh = () => Promise<void>

/** A stranger who sends webhooks with made-up secrets must not make the bridge hammer the platforms. */
const EVERY_MS = 15_000

/**
 * Asks once for all who want it at the same time, and at most once in `everyMs`. What brought something new does not
 * count: no stranger can make that happen, and a second change may follow the first.
 */
export function createRefresh(options: {
  /** Resolves with true when it brought something new. */
  ask: () => Promise<boolean>
  clock: Clock
  onError: (error: unknown) => void
  everyMs?: number
}): Refresh {
  const { ask, clock, onError, everyMs = EVERY_MS } = options
  let running: Promise<void> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  return () => {
    if (running !== undefined) return running
    const since = clock.now() - askedAt
    // A clock that was set back must not silence it for hours.
    if (since >= 0 && since < everyMs) return Promise.resolve()
    askedAt = clock.now()
    running = ask()
      .then((isNew) => {
        if (isNew) askedAt = Number.NEGATIVE_INFINITY
      })
      .catch(onError)
      .finally(() => {
        running = undefined
      })
    return running
  }
}
