import type { Answer } from '../../upstream/transport.ts'
import { readEnvelope } from './envelope.ts'

/** Sentences of Laravel, Symfony and Express about a path, not about what is behind it. */
const ABOUT_THE_ROUTE = /\b(route|endpoint)\b.*\b(not|no)\b|\bcannot (get|post|put|patch|delete)\b/i

/**
 * Whether a 404 or 405 means "there is no such route" rather than "there is no such message". The
 * gateway's own refusals carry `success`; a framework's do not, and a proxy answers with a page.
 */
export function routeIsMissing({ status, body }: Answer): boolean {
  if (status === 405) return true
  if (status !== 404) return false
  const { isObject, success, text } = readEnvelope(body)
  if (!isObject || ABOUT_THE_ROUTE.test(text)) return true
  return success === undefined && /^(not found\.?)?$/i.test(text.trim())
}
