import type { Context } from 'hono'
import { type BridgeError, isRetryable, PermanentError } from '../errors.ts'

/** What an admin asked for does not fit the state of things. */
const CONFLICTS = new Set([
  'session.no_token',
  'session.not_found',
  'session.connected',
  'session.no_qr',
  'wasender.not_connected',
])

/** The gateway does not know the id that was asked for. */
const MISSING = new Set(['wasender.not_found'])

/** An error of a session's management: its words and its code, under a status that says whose it is. */
export function sessionErrorAnswer(c: Context, error: BridgeError): Response {
  return c.json({ error: error.message, code: error.code }, statusOf(error))
}

function statusOf(error: BridgeError): 404 | 409 | 502 | 503 {
  if (CONFLICTS.has(error.code)) return 409
  if (MISSING.has(error.code)) return 404
  // Refused for good, or nobody knows: the platform's doing, not that of the bridge.
  if (error instanceof PermanentError || !isRetryable(error)) return 502
  return 503
}
