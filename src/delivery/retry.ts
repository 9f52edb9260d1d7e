import { BridgeError, isRetryable, RateLimitedError } from '../errors.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits between attempts; the last one repeats. */
const BACKOFF = [
  1 * SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  1 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
] as const

/** Up to a fifth more, so that what failed together does not come back together. */
const JITTER = 0.2

/** What to do with an entry whose handling threw. */
export type Decision = { action: 'retry'; at: number } | { action: 'fail' }

export type Attempt = {
  error: unknown
  /** Failed attempts before this one. */
  attempts: number
  /** First failure of this stretch, ms since 1970. */
  failingSince: number
  now: number
  /** How long an entry is retried, in ms. */
  retryFor: number
  /** A number in [0, 1). */
  random: number
}

/**
 * Retry or fail, by the error's class alone. An error from outside the tree is a bug or a surprise of a
 * library; it is retried like a transient one, since losing a message is worse than a late one.
 */
export function decide(attempt: Attempt): Decision {
  const { error, attempts, failingSince, now, retryFor, random } = attempt
  if (!isRetryable(error) && isFromTheTree(error)) return { action: 'fail' }
  const base = BACKOFF[Math.min(attempts, BACKOFF.length - 1)] ?? HOUR
  const asked = error instanceof RateLimitedError ? error.waitMs : 0
  const at = now + Math.max(asked, Math.round(base * (1 + JITTER * random)))
  if (now - failingSince >= retryFor) return { action: 'fail' }
  return { action: 'retry', at: Math.min(at, failingSince + retryFor) }
}

function isFromTheTree(error: unknown): boolean {
  return error instanceof BridgeError
}
