import type { Redis } from 'ioredis'

/** Whether lanes have to wait for what other processes may still bring. */
export type Settling = {
  /** For how many milliseconds nothing may be begun; 0 when nothing is in the way. */
  heldMs(): number
  /** Redis takes nothing: until it is back, nothing may be begun. A lost connection is noticed here as well. */
  away(): void
  back(): void
  close(): void
}

/** Long enough for every process to find its way back to Redis, or to be started again, and to play its spool. */
const SETTLE_MS = 5_000

/**
 * While the Redis they share is away, each process spools what comes to it. Nothing is begun before all of that can be in
 * the lanes, which sort it: otherwise what one process has would overtake what another one still holds.
 */
export function createSettling(
  redis: Pick<Redis, 'status' | 'on' | 'off'>,
  { settleMs = SETTLE_MS, now = () => performance.now() } = {},
): Settling {
  // An outage may have ended just before this process came: the others know, it does not.
  let until = redis.status === 'ready' ? now() + settleMs : undefined
  const away = () => {
    until = undefined
  }
  const back = () => {
    until ??= now() + settleMs
  }
  redis.on('close', away)
  redis.on('ready', back)
  return {
    away,
    back,
    heldMs: () => (until === undefined ? settleMs : Math.max(0, until - now())),
    close() {
      redis.off('close', away)
      redis.off('ready', back)
    },
  }
}

/** For a process that shares its Redis with nobody. */
export const UNSHARED: Settling = { heldMs: () => 0, away() {}, back() {}, close() {} }
