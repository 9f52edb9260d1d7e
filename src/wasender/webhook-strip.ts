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
