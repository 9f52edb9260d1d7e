import { BridgeError, isRetryable, RateLimitedError } from '../../errors.ts'

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

/**
 * An entry is never given up before so many failures, however old it is: it may have waited behind others, or for a
 * bridge that was switched off, and had no chance of its own yet.
 */
const LEAST_ATTEMPTS = 3

/** Up to a fifth more, so that what failed together does not come back together. */
const JITTER = 0.2

/** What to do with an entry whose handling threw. */
export type Decision = { action: 'retry'; at: number } | { action: 'fail' }

export type Attempt = {
  error: unknown
  /** Failed attempts before this one. */
  attempts: number
  /** When the entry was accepted, or an admin had it tried anew, ms since 1970. */
  acceptedAt: number
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
  const { error, attempts, acceptedAt, now, retryFor } = attempt
  if (!isRetryable(error) && isFromTheTree(error)) return { action: 'fail' }
  const at = now + waitAfter(attempt)
  if (attempts + 1 < LEAST_ATTEMPTS) return { action: 'retry', at }
  const end = acceptedAt + retryFor
  if (now >= end) return { action: 'fail' }
  return { action: 'retry', at: Math.min(at, end) }
}

/** Whoever asks for a wait knows better than any table how long it has to be. */
function waitAfter({ error, attempts, random }: Attempt): number {
  const base = BACKOFF[Math.min(attempts, BACKOFF.length - 1)] ?? HOUR
  const wait = error instanceof RateLimitedError ? Math.max(error.waitMs, SECOND) : base
  return Math.round(wait * (1 + JITTER * random))
}

function isFromTheTree(error: unknown): boolean {
  return error instanceof BridgeError
}
