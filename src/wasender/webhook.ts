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
