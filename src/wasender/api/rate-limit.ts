import type { Answer } from '../../upstream/transport.ts'
import { readEnvelope } from './envelope.ts'

const SECOND = 1000
/** Never hammer, not even when told to wait for 0 s. */
const LEAST_MS = 1 * SECOND
/**
 * A pause longer than this is asked for again: a refused request does no harm, a wrong number
 * would.
 */
const MOST_MS = 3600 * SECOND
/** The vendor's own client trusts `Retry-After` no further than this. */
const MOST_BY_HEADER_MS = 60 * SECOND
/** The pace of account protection, for a 429 that says nothing (docs/platforms/wasender.md#rate-limits). */
const DEFAULT_MS = 5 * SECOND

/** One place where the wait may be written, read as milliseconds from now. */
type Source = (answer: Answer, now: number) => number | undefined

/** In the vendor's order (docs/platforms/wasender.md#retrying). */
const SOURCES: readonly Source[] = [
  ({ body }) => inSeconds(readEnvelope(body).retryAfterSeconds),
  ({ headers }, now) => capped(retryAfter(headers.get('retry-after'), now), MOST_BY_HEADER_MS),
  ({ headers }, now) => reset(headers.get('x-ratelimit-reset'), now),
]

/**
 * How long a 429 asks to wait, in milliseconds, between one second and one hour.
 *
 * @param now Milliseconds since 1970.
 */
export function rateLimitWait(answer: Answer, now: number): number {
  for (const source of SOURCES) {
    const wait = source(answer, now)
    if (wait !== undefined) return Math.min(Math.max(Math.ceil(wait), LEAST_MS), MOST_MS)
  }
  return DEFAULT_MS
}

function inSeconds(seconds: number | undefined): number | undefined {
  return seconds === undefined || !Number.isFinite(seconds) || seconds < 0
    ? undefined
    : seconds * SECOND
}

function numeric(header: string | null): number | undefined {
  return header !== null && /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : undefined
}

/** Seconds, or an HTTP date. */
function retryAfter(header: string | null, now: number): number | undefined {
  const seconds = numeric(header)
  if (seconds !== undefined) return inSeconds(seconds)
  const date = header === null ? Number.NaN : Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/**
 * `X-RateLimit-Reset` is seconds from now on one page of the documentation and a unix timestamp on
 * others. The billion keeps a timestamp that has just passed from being read as thirty years.
 */
function reset(header: string | null, now: number): number | undefined {
  const value = numeric(header)
  if (value === undefined) return undefined
  const isTimestamp = value > now / SECOND + 5 || value >= 1_000_000_000
  return isTimestamp ? Math.max(0, value * SECOND - now) : value * SECOND
}

function capped(wait: number | undefined, most: number): number | undefined {
  return wait === undefined ? undefined : Math.min(wait, most)
}
