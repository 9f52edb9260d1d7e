import type { Clock } from '../../../kernel/clock.ts'

/** Keeps people from guessing the admin token. */
export type Attempts = {
  /** Counts one; how many ms to wait when there were too many, else 0. */
  take(address: string): number
  /** The token was right: what this address did before is forgiven. */
  forgive(address: string): void
}

const WINDOW_MS = 60_000
const PER_ADDRESS = 10
/** Guesses from many places: more than all admins together make, few enough to be hopeless. */
const OVERALL = 60

/** Behind a proxy all share its address: the header that would tell them apart can be made up. */
export function createAttempts({ clock }: { clock: Clock }): Attempts {
  let recent: { address: string; at: number }[] = []

  return {
    take(address) {
      const now = clock.now()
      recent = recent.filter(({ at }) => at > now - WINDOW_MS)
      const own = recent.filter((attempt) => attempt.address === address)
      const blocking = own.length >= PER_ADDRESS ? own : recent.length >= OVERALL ? recent : []
      const [oldest] = blocking
      if (oldest !== undefined) return oldest.at + WINDOW_MS - now
      recent.push({ address, at: now })
      return 0
    },
    forgive(address) {
      recent = recent.filter((attempt) => attempt.address !== address)
    },
  }
}
