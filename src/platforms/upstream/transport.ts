import ky from 'ky'
import { BridgeError, OutcomeUnknownError, TransientError } from '../../kernel/errors.ts'
import { USER_AGENT } from '../../kernel/version.ts'
import { withoutEnd } from '../../kernel/without-end.ts'

/** Which platform a call goes to; also the `upstream` label of the metrics. */
type Upstream = 'wasender' | 'chatwoot'

/** One request to a platform. */
export type Call = {
  /** Name for metrics, logs and errors, e.g. `send-message`. */
  operation: string
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Path below the base URL, without a leading slash. Encode ids yourself. */
  path: string
  json?: unknown
  body?: NonNullable<RequestInit['body']>
  headers?: Record<string, string>
  search?: Record<string, string | number | boolean | undefined>
  timeoutMs?: number
  /**
   * `repeatable`: making the call twice does no harm, so a lost answer is merely transient.
   *
   * `once`: a lost answer means the effect may have happened; it becomes {@link OutcomeUnknownError}.
   */
  effect: 'repeatable' | 'once'
}

/** What came back, whatever the status. `body` is parsed JSON, or the text when it is not JSON. */
export type Answer = {
  status: number
  headers: Headers
  body: unknown
}

/** Turns a non-2xx answer into the error it means. */
export type Classify = (answer: Answer, call: Call) => BridgeError

/** Told about every finished request; `status` is `error` when no answer came. */
export type OnCall = (observation: {
  upstream: Upstream
  operation: string
  status: number | 'error'
  seconds: number
}) => void

export type TransportOptions = {
  upstream: Upstream
  /** Named in errors; usually the account id. */
  account: string
  baseUrl: string
  headers: () => Record<string, string>
  classify: Classify
  timeoutMs?: number
  onCall?: OnCall | undefined
  fetch?: typeof globalThis.fetch
}

/** Makes one request; throws a {@link BridgeError} unless the answer is 2xx. */
export type Transport = (call: Call) => Promise<Answer>

/** Far more than any answer has: lists come in pages, and files are streamed on another way. */
const MOST_BYTES = 10_000_000

/** Codes of failures before a single byte of the request was written: nothing can have happened. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * The HTTP layer both clients share. It never retries by itself: retries belong to the delivery code, which knows the
 * order of messages and survives a restart.
 *
 * Redirects are not followed, because that could drop the token or turn a POST into a GET
 * (docs/platforms/wasender.md#base-url). Whoever redirects has not acted, so even a call that must happen once may be
 * made again.
 */
export function createTransport(options: TransportOptions): Transport {
  const base = `${withoutEnd(options.baseUrl, '/')}/`
  const client = ky.create({
    retry: 0,
    throwHttpErrors: false,
    redirect: 'manual',
    ...(options.fetch === undefined ? {} : { fetch: options.fetch as never }),
  })

  return async (call) => {
    const started = performance.now()
    const observe = (status: number | 'error') =>
      options.onCall?.({
        upstream: options.upstream,
        operation: call.operation,
        status,
        seconds: (performance.now() - started) / 1000,
      })
    let answer: Answer
    try {
      answer = await withDeadline(timeoutOf(options, call), async (signal) => {
        const init = { ...requestInit(options, call), signal }
        const response = await client(new URL(call.path, base), init as never)
        const { status, headers } = response
        const { text, isCut } = await readText(response, signal, MOST_BYTES)
        if (isCut) throw tooLarge(options, call, status)
        return { status, headers, body: parseBody(text) }
      })
    } catch (cause) {
      observe('error')
      throw noAnswer(options, call, cause)
    }
    observe(answer.status)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw refused(options, call, answer)
  }
}

function requestInit(options: TransportOptions, call: Call) {
  return {
    method: call.method,
    headers: {
      Accept: 'application/json',
      'User-Agent': USER_AGENT,
      ...options.headers(),
      ...call.headers,
    },
    // Instead of ky's own timeout, which ends with the headers: a body may stall as well.
    timeout: false,
    ...(call.json === undefined ? {} : { json: call.json }),
    ...(call.body === undefined ? {} : { body: call.body, duplex: 'half' }),
    // Unless redirects are errors, fetch keeps a copy of everything a stream has sent.
    ...(call.body instanceof ReadableStream ? { redirect: 'error' } : {}),
    ...(call.search === undefined ? {} : { searchParams: definedOnly(call.search) }),
  }
}

function refused(options: TransportOptions, call: Call, answer: Answer): BridgeError {
  const { status } = answer
  if (status < 300 || status >= 400) return options.classify(answer, call)
  const where = `${options.upstream} (account ${options.account}, ${call.operation})`
  return new TransientError(
    `${where} redirects to another address (HTTP ${status}). Check the baseUrl of ${options.upstream}.`,
    {
      code: `${options.upstream}.redirected`,
      context: { account: options.account, operation: call.operation, status },
    },
  )
}

function timeoutOf(options: TransportOptions, call: Call): number {
  return call.timeoutMs ?? options.timeoutMs ?? 20_000
}

function definedOnly(search: NonNullable<Call['search']>): Record<string, string> {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
}

/** It was answered, but nobody knows with what. */
function tooLarge(options: TransportOptions, call: Call, status: number): BridgeError {
  const where = `${options.upstream} (account ${options.account}, ${call.operation})`
  const what = `The answer of ${where} is larger than 10 MB and was not read to its end (HTTP ${status}).`
  const about = {
    code: `${options.upstream}.answer_too_large`,
    context: { account: options.account, operation: call.operation, status },
  }
  return call.effect === 'repeatable'
    ? new TransientError(`${what} It is tried again.`, about)
    : new OutcomeUnknownError(`${what} Whether it took effect has to be found out first.`, about)
}

function noAnswer(options: TransportOptions, call: Call, cause: unknown): BridgeError {
  if (cause instanceof BridgeError) return cause
  const code = networkCode(cause)
  const context = { account: options.account, operation: call.operation, network: code }
  const where = `${options.upstream} (account ${options.account}, ${call.operation})`
  if (call.effect === 'repeatable' || NEVER_SENT.has(code)) {
    return new TransientError(`No answer from ${where}: ${code}. It is tried again.`, {
      code: `${options.upstream}.unreachable`,
      context,
      cause,
    })
  }
  return new OutcomeUnknownError(
    `The answer of ${where} was lost: ${code}. Whether it took effect has to be found out first.`,
    { code: `${options.upstream}.answer_lost`, context, cause },
  )
}

/** A body as a platform sends it: parsed JSON, or the text itself when it is not JSON, such as a proxy's page. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The system's error code, dug out of the `cause` chain that fetch builds; `TIMEOUT` when time was over. */
export function networkCode(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'TIMEOUT'
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const { code } = current as Error & { code?: unknown }
    if (typeof code === 'string') return code
    if (current instanceof AggregateError && current.errors[0] instanceof Error)
      current = current.errors[0]
    else current = current.cause
  }
  return error instanceof Error ? error.name : 'UNKNOWN'
}

/**
 * Runs `work` with a signal that is aborted after `ms`, and rejects then, whatever the work makes of the signal: fetch
 * holds it only weakly while a body is read, so that after a garbage collection a stalled body would never end.
 *
 * @throws {DOMException} named `TimeoutError`.
 */
export async function withDeadline<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new DOMException(`There was no answer within ${ms} ms.`, 'TimeoutError')
    late.reject(error)
    controller.abort(error)
  }, ms)
  try {
    return await Promise.race([work(controller.signal), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** What is read of a body, and whether there was more of it. */
type BodyText = { text: string; isCut: boolean }

/**
 * The text of a body, as far as it has `most` bytes after decompression: a few hundred kilobytes may unpack to gigabytes.
 * What is not read is cancelled, also when the signal is aborted, so that no connection is left open.
 */
export async function readText(
  response: Response,
  signal: AbortSignal,
  most: number,
): Promise<BodyText> {
  const reader = response.body?.getReader()
  if (reader === undefined) return { text: '', isCut: false }
  // It was broken before, or nobody waits for it any more: either way there is nothing left to tell.
  const stop = () => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', stop, { once: true })
  const decoder = new TextDecoder()
  let text = ''
  let left = most
  try {
    while (left >= 0) {
      const { done, value } = await reader.read()
      signal.throwIfAborted()
      if (done) return { text: text + decoder.decode(), isCut: false }
      text += decoder.decode(value.subarray(0, left), { stream: true })
      left -= value.byteLength
    }
    stop()
    return { text, isCut: true }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
