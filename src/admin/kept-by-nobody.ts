import type { MiddlewareHandler } from 'hono'

/**
 * Answers are for one admin's eyes: they hold codes to scan, and what messages say. Only what is the same for everybody may be
 * kept, and says so itself. A stream always says that it may, and may not.
 */
export const keptByNobody: MiddlewareHandler = async (c, next) => {
  await next()
  const { headers } = c.res
  const isStream = headers.get('Content-Type')?.startsWith('text/event-stream') === true
  if (isStream || !headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
}
