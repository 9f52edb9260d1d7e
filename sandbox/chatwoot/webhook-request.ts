import { createHmac } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { unix } from './times.ts'
import type { Feature } from './versions.ts'

/** One POST of a webhook. `secret` is absent where this version does not sign. */
export type WebhookRequest = {
  url: string
  body: string
  deliveryId: string
  secret: string | undefined
  has: (feature: Feature) => boolean
  /** Milliseconds since 1970, of the sending. */
  now: number
  timeoutMs: number
  /** Ends the request when the stand-in closes. */
  closed: AbortSignal
}

/** `error` has the words that Chatwoot stores as `external_error`. */
export type WebhookResult =
  | { outcome: 'delivered'; status: number }
  | { outcome: 'failed'; status: number | undefined; error: string }

const MAX_REDIRECTS = 10

/** Sends a webhook the way Chatwoot does: any 2xx is success, nothing is tried twice. */
export async function postWebhook(request: WebhookRequest): Promise<WebhookResult> {
  const target = URL.parse(request.url)
  if (target === null) return { outcome: 'failed', status: undefined, error: 'bad URI' }
  const headers = webhookHeaders(request)
  if (target.username !== '')
    headers.Authorization = `Basic ${Buffer.from(`${target.username}:${target.password}`).toString('base64')}`
  target.username = ''
  target.password = ''
  try {
    const response = await follow(target, request, headers)
    await response.arrayBuffer()
    const { status } = response
    if (response.ok) return { outcome: 'delivered', status }
    return { outcome: 'failed', status, error: `${status} ${STATUS_CODES[status] ?? ''}`.trim() }
  } catch (error) {
    return { outcome: 'failed', status: undefined, error: rubyError(error, target, request.has) }
  }
}

/** What each release sends (docs/platforms/chatwoot.md#webhook-requests). */
function webhookHeaders(request: WebhookRequest): Record<string, string> {
  const { has, body, secret, deliveryId } = request
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'User-Agent': has('netHttp') ? 'Ruby' : 'rest-client/2.1.0 (linux x86_64) ruby/3.4.4p34',
  }
  if (has('deliveryHeader')) headers['X-Chatwoot-Delivery'] = deliveryId
  if (secret !== undefined) {
    const timestamp = String(unix(request.now))
    headers['X-Chatwoot-Timestamp'] = timestamp
    headers['X-Chatwoot-Signature'] = signature(secret, timestamp, body)
  }
  return headers
}

/** `sha256=` and the hex HMAC-SHA256 of `timestamp.body`. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

/** Since 4.14 redirects are followed with the same body; before, a 3xx is a failure. */
async function follow(
  target: URL,
  { body, timeoutMs, closed, has }: WebhookRequest,
  headers: Record<string, string>,
): Promise<Response> {
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), closed])
  let url = target
  for (let hops = 0; ; hops += 1) {
    const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' })
    const location = response.headers.get('location')
    const redirected = response.status >= 300 && response.status < 400 && location !== null
    if (!redirected || !has('netHttp') || hops === MAX_REDIRECTS) return response
    url = new URL(location, url)
  }
}

const NETWORK_ERRORS: Readonly<Record<string, (host: string, port: string) => string>> = {
  ECONNREFUSED: (host, port) =>
    `Failed to open TCP connection to ${host}:${port} (Connection refused - connect(2) for "${host}" port ${port})`,
  ENOTFOUND: (host, port) =>
    `Failed to open TCP connection to ${host}:${port} (getaddrinfo: Name or service not known)`,
}

/** A failure in the words of Ruby's HTTP clients (docs/platforms/chatwoot.md#failed-callbacks). */
function rubyError(error: unknown, { hostname, port, protocol }: URL, has: WebhookRequest['has']) {
  if (error instanceof Error && error.name === 'TimeoutError')
    return has('netHttp')
      ? 'Net::ReadTimeout with #<TCPSocket:(closed)>'
      : 'Timed out reading data from server'
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const words = NETWORK_ERRORS[code] ?? (() => 'end of file reached')
  return words(hostname, port || (protocol === 'https:' ? '443' : '80'))
}
