/** Rack-attack counts in windows of a minute and sends no `Retry-After` (docs/platforms/chatwoot.md#rate-limits). */
const DEFAULT_WAIT_MS = 30_000
const MAX_WAIT_MS = 60 * 60_000

/**
 * Milliseconds to wait after a 429: what `Retry-After` says (seconds or a date, from a proxy or a
 * changed server), at least a second and at most an hour, else half a minute.
 */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number {
  const value = headers.get('retry-after')?.trim()
  if (!value) return DEFAULT_WAIT_MS
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  if (Number.isNaN(wait)) return DEFAULT_WAIT_MS
  return Math.min(Math.max(wait, 1000), MAX_WAIT_MS)
}
