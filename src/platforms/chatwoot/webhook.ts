import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Why a webhook is not believed. Only for logs and metrics: the caller of the webhook learns
 * nothing.
 */
export type SignatureProblem =
  | 'no-secret'
  | 'no-signature'
  | 'no-timestamp'
  | 'malformed'
  | 'mismatch'
  | 'stale'

export type SignatureCheck = { ok: true } | { ok: false; reason: SignatureProblem }

export type SignedWebhook = {
  /** The bytes as they arrived, in one piece or several: re-serialised JSON has another signature. */
  rawBody: Uint8Array | readonly Uint8Array[]
  /** Header `X-Chatwoot-Timestamp`, Unix seconds. */
  timestamp?: string | undefined
  /** Header `X-Chatwoot-Signature`, `sha256=` and hex. */
  signature?: string | undefined
  /**
   * The inbox's `secret`. A list holds the current one and the one before it, because deliveries
   * queued before a reset still carry the old signature.
   */
  secret: string | readonly string[]
  /** Milliseconds since 1970. */
  now: number
  toleranceSeconds?: number
}

/**
 * Checks `X-Chatwoot-Signature`: HMAC-SHA256 over `timestamp.rawbody` (docs/platforms/chatwoot.md#signatures). The key
 * is the inbox's `secret`, not its `hmac_token`.
 *
 * The age is judged last, so that `stale` reliably means a wrong clock or a replay of an authentic delivery.
 */
export function verifyChatwootSignature(webhook: SignedWebhook): SignatureCheck {
  const { rawBody } = webhook
  const secrets = [webhook.secret].flat().filter((secret) => secret !== '')
  if (secrets.length === 0) return failed('no-secret')
  const headers = readHeaders(webhook)
  if ('reason' in headers) return failed(headers.reason)
  const { given, timestamp } = headers

  // Every secret is tried even after a match, so that the time taken does not tell which one it
  // was.
  const matches = secrets.filter((secret) =>
    timingSafeEqual(Buffer.from(given, 'hex'), digest(rawBody, secret, timestamp)),
  )
  if (matches.length === 0) return failed('mismatch')
  return isStale(webhook) ? failed('stale') : { ok: true }
}

/**
 * Whether the headers alone say that the check will fail, whatever the body and the secret are. So nobody has to read a body
 * that proves nothing.
 */
export function problemInHeaders(
  webhook: Omit<SignedWebhook, 'rawBody' | 'secret'>,
): SignatureProblem | undefined {
  const headers = readHeaders(webhook)
  if ('reason' in headers) return headers.reason
  return isStale(webhook) ? 'stale' : undefined
}

type SignatureHeaders = Pick<SignedWebhook, 'signature' | 'timestamp'>

function readHeaders({
  signature,
  timestamp,
}: SignatureHeaders): { given: string; timestamp: string } | { reason: SignatureProblem } {
  if (!signature) return { reason: 'no-signature' }
  if (!timestamp) return { reason: 'no-timestamp' }
  const given = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1]
  if (given === undefined || !/^\d{1,12}$/.test(timestamp)) return { reason: 'malformed' }
  return { given, timestamp }
}

function isStale({
  timestamp,
  now,
  toleranceSeconds = 300,
}: Pick<SignedWebhook, 'timestamp' | 'now' | 'toleranceSeconds'>): boolean {
  return Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds
}

/** The headers Chatwoot would send with `rawBody`; for stand-ins and tests. */
export function signChatwootWebhook(
  rawBody: Uint8Array,
  secret: string,
  timestampSeconds: number,
): { 'X-Chatwoot-Timestamp': string; 'X-Chatwoot-Signature': string } {
  const timestamp = String(Math.floor(timestampSeconds))
  return {
    'X-Chatwoot-Timestamp': timestamp,
    'X-Chatwoot-Signature': `sha256=${digest(rawBody, secret, timestamp).toString('hex')}`,
  }
}

/** Compares the token of a webhook URL in constant time. An empty or missing one never matches. */
export function verifyToken(given: string | undefined, expected: string | undefined): boolean {
  if (!given || !expected) return false
  // Hashing first makes both sides equally long, which timingSafeEqual demands.
  return timingSafeEqual(sha256(given), sha256(expected))
}

function digest(rawBody: SignedWebhook['rawBody'], secret: string, timestamp: string): Buffer {
  const hmac = createHmac('sha256', secret).update(`${timestamp}.`)
  for (const piece of [rawBody].flat()) hmac.update(piece)
  return hmac.digest()
}

function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}

function failed(reason: SignatureProblem): SignatureCheck {
  return { ok: false, reason }
}
