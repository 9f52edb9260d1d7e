import {
  BridgeError,
  isRetryable,
  OperatorNeededError,
  PermanentError,
  RateLimitedError,
  SessionDownError,
} from '../kernel/errors.ts'
import { awayReason } from '../state/redis/away.ts'

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

/** A message that alone was refused so often is given up, so that what waits behind it goes on. */
const MOST_REFUSALS = 10

/** While others get across there is no outage to wait for. */
const REFUSED_WAIT_MS = 30 * SECOND

/** Up to a fifth more, so that what failed together does not come back together. */
const JITTER = 0.2

/** Nothing ever waits longer, whoever asks for it: what seems to was put off by a clock that was ahead. */
export const LONGEST_WAIT_MS = HOUR * (1 + JITTER)

/** What to do with an entry whose handling threw, and why, if it is given up. */
export type Decision =
  | { action: 'retry'; at: number; refusals: number }
  | { action: 'fail'; error: unknown }

export type Attempt = {
  error: unknown
  /** Failed attempts before this one. */
  attempts: number
  /** How many of these failed although others got across. */
  refusals: number
  /** Whether another message of the account has gone the same way since the attempt before, or since this one was accepted. */
  othersGetAcross: boolean
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
  if (!isRetryable(error) && isFromTheTree(error)) return { action: 'fail', error }
  const isRefused = attempt.othersGetAcross && mayBeAboutItself(error)
  const refusals = attempt.refusals + (isRefused ? 1 : 0)
  if (refusals >= MOST_REFUSALS) return { action: 'fail', error: refusedAlone(error) }
  const wait = waitAfter(attempt)
  const at = now + (isRefused ? Math.min(wait, REFUSED_WAIT_MS) : wait)
  if (attempts + 1 < LEAST_ATTEMPTS) return { action: 'retry', at, refusals }
  // What came while the clock was ahead came now, at the latest.
  const end = Math.min(acceptedAt, now) + retryFor
  if (now >= end) return { action: 'fail', error }
  return { action: 'retry', at: Math.min(at, end), refusals }
}

/**
 * Whether the failure may be due to what the message holds: a platform broke down over it, or the bridge did. What says by
 * itself whose fault it is, such as a limit or a session that is down, is waited for.
 */
function mayBeAboutItself(error: unknown): boolean {
  if (awayReason(error) !== undefined) return false
  if (!(error instanceof BridgeError)) return true
  const isKnownCause =
    error instanceof RateLimitedError ||
    error instanceof SessionDownError ||
    error instanceof OperatorNeededError
  return !isKnownCause && /^(chatwoot|wasender)\./.test(error.code)
}

function refusedAlone(cause: unknown): BridgeError {
  const isKnown = cause instanceof BridgeError
  const why = isKnown ? cause.message : 'The reason is in the log.'
  return new PermanentError(
    `Failed ${MOST_REFUSALS} times while other messages got across. ${why}`,
    { code: isKnown ? cause.code : 'bridge.unexpected', cause },
  )
}

/** Whoever asks for a wait knows better than any table how long it has to be, but asking once an hour does no harm. */
function waitAfter({ error, attempts, random }: Attempt): number {
  const base = BACKOFF[Math.min(attempts, BACKOFF.length - 1)] ?? HOUR
  const wait = error instanceof RateLimitedError ? Math.max(error.waitMs, SECOND) : base
  return Math.round(Math.min(wait, HOUR) * (1 + JITTER * random))
}

function isFromTheTree(error: unknown): boolean {
  return error instanceof BridgeError
}
