import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether `X-Webhook-Signature` holds the account's webhook secret. The header is the secret itself, not an HMAC
 * (docs/platforms/wasender.md#webhooks).
 *
 * Both sides are hashed first, so neither the content nor the length of the secret shows in the time taken. An empty
 * secret verifies nothing: otherwise an account without one would accept anybody.
 */
export function verifyWasenderSignature(headerValue: string | undefined, secret: string): boolean {
  if (headerValue === undefined || secret === '') return false
  return timingSafeEqual(digest(headerValue), digest(secret))
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value, 'utf8').digest()
}

const SESSION_ID = /^session[_-]?id$/i

/**
 * Real messages nest a few dozen levels at most. What lies deeper is cut off, because every later step that
 * walks a body (this one, `JSON.stringify` into a lane) would overflow the stack on a hostile one.
 */
const MAX_DEPTH = 200

/**
 * A copy of a webhook body without any `sessionId` or `session_id`, however deep: in WasenderAPI's webhooks its value
 * is the session's API key (docs/platforms/wasender.md#envelope). Call it before a body is stored, queued or logged.
 */
export function stripSessionId(body: unknown): unknown {
  return copy(body, MAX_DEPTH)
}

function copy(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return null
  if (Array.isArray(value)) return value.map((entry) => copy(entry, levels - 1))
  // fromEntries defines own properties, so a `__proto__` key from JSON stays a plain key.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !SESSION_ID.test(key))
      .map(([key, entry]) => [key, copy(entry, levels - 1)]),
  )
}
