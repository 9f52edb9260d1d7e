import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BridgeError, PermanentError, TransientError } from '../../kernel/errors.ts'
import { USER_AGENT } from '../../kernel/version.ts'
import { type HostPolicy, publicLookup, type Standing, standingOf } from './hosts.ts'

/** A file that is being fetched: the headers are here, the bytes come as they are read. */
export type Download = {
  /** Bytes announced, when they were. */
  size: number | undefined
  /** As announced, parameters and all. */
  contentType: string | undefined
  /**
   * One pass. Throws a `TransientError` when the server falls silent or stops before the end.
   */
  body: AsyncIterable<Uint8Array>
  /** Lets go of a file that is not read to its end. */
  close(): void
}

/**
 * Fetches a file without any credential, following redirects to hosts the policy allows.
 *
 * @throws {PermanentError} `media.host_refused`; `media.not_there` with `context.status` for a 4xx
 * @throws {TransientError} `media.unreachable`, `media.stalled`, `media.server_error`
 */
export type DownloadFile = (url: string, policy: HostPolicy) => Promise<Download>

type DownloadOptions = {
  /** How long a server may be silent, in milliseconds. There is no limit on the whole. */
  stallMs?: number
  /** Replaces the look-up for hosts that are not configured. */
  lookup?: LookupFunction
  /** Told about every chunk that was read. */
  sweep?: Sweep
}

const STALL_MS = 30_000
/** Rails to its storage is one; a bucket in another region adds one more. */
const MAX_REDIRECTS = 4
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Refusals that are over by themselves. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429])

/**
 * Built on node:http, not on fetch: only here the connection takes a look-up of its own, without
 * which a name could lead to a private address after it was checked.
 */
export function createDownload(options: DownloadOptions = {}): DownloadFile {
  const { stallMs = STALL_MS, lookup = publicLookup(), sweep = createSweep() } = options

  return async (given, policy) => {
    let url = parse(given)
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await get(url, { standing: standingOf(url, policy), lookup, stallMs })
      const next = redirectOf(response, url)
      if (next === undefined) return toDownload(response, url, { stallMs, sweep })
      response.destroy()
      url = next
    }
    throw tooManyRedirects(url)
  }
}

type Asking = { standing: Standing; lookup: LookupFunction; stallMs: number }

/** Resolves once the headers are there. */
function get(url: URL, { standing, lookup, stallMs }: Asking): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const asked = request(url, {
    // A connection of its own: a shared pool would hand over connections made under another policy.
    agent: false,
    headers: { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': USER_AGENT },
    ...(standing === 'public' ? { lookup } : {}),
  })
  const timer = setTimeout(() => asked.destroy(stalled(url)), stallMs)
  asked.once('response', (response) => {
    clearTimeout(timer)
    // Until somebody reads, a broken connection has no listener; reading reports it all the same.
    response.on('error', () => undefined)
    resolve(response)
  })
  asked.on('error', (cause) => {
    clearTimeout(timer)
    reject(cause instanceof BridgeError ? cause : unreachable(url, cause))
  })
  asked.end()
  return promise
}

function redirectOf(response: IncomingMessage, from: URL): URL | undefined {
  const { location } = response.headers
  if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) return undefined
  return parse(URL.parse(location, from.href)?.href ?? '')
}

type Reading = { stallMs: number; sweep: Sweep }

function toDownload(response: IncomingMessage, url: URL, { stallMs, sweep }: Reading): Download {
  const status = response.statusCode ?? 0
  if (status !== 200) {
    response.destroy()
    throw status >= 500 || PASSING.has(status) ? serverError(url, status) : notThere(url, status)
  }
  const size = Number(response.headers['content-length'])
  return {
    size: Number.isInteger(size) ? size : undefined,
    contentType: response.headers['content-type'],
    body: untilStalled(response, {
      stallMs,
      onChunk: ({ length }) => sweep(length),
      onStall: () => stalled(url),
      onError: (cause) => unreachable(url, cause),
    }),
    close: () => void response.destroy(),
  }
}

function parse(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw notAnAddress()
}

type StallOptions = {
  /** Longest silence in milliseconds. Time the reader takes for itself does not count. */
  stallMs: number
  onStall: () => BridgeError
  /** A chunk was read and the reader is done with it. */
  onChunk?: (chunk: Uint8Array) => void
  /** What an error of the source means. */
  onError: (cause: unknown) => BridgeError
}

/**
 * Reads a stream that may fall silent. A limit on the whole would fail large files on slow lines;
 * a limit on silence fails only what has died. Nothing is read ahead.
 */
export async function* untilStalled(
  source: Readable,
  { stallMs, onStall, onChunk, onError }: StallOptions,
): AsyncGenerator<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const timer = setTimeout(() => source.destroy(onStall()), stallMs)
      const { done, value } = await iterator.next().finally(() => clearTimeout(timer))
      if (done) return
      yield value
      onChunk?.(value)
    }
  } catch (error) {
    throw error instanceof BridgeError ? error : onError(error)
  } finally {
    source.destroy()
  }
}

/** Takes note of bytes that have passed and are garbage now. */
type Sweep = (bytes: number) => void

/** Buffers that may pile up in between. */
const EVERY_BYTES = 4_000_000

/**
 * Keeps memory flat while files pass. Their chunks lie outside V8's heap, which only counts them
 * towards a full collection, after 64 MB; until then a process that holds nothing grows by that
 * much. A young collection takes about a millisecond and frees them: they never live to be old.
 */
export function createSweep(collect: () => void = youngCollection()): Sweep {
  let passed = 0
  return (bytes) => {
    passed += bytes
    if (passed < EVERY_BYTES) return
    passed = 0
    collect()
  }
}

/** V8 has no other door to its collector from inside; the flag only makes the function visible. */
function youngCollection(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: (options: { type: 'minor' }) => void = runInNewContext('gc')
  return () => collect({ type: 'minor' })
}

/*
 * What can go wrong while a file is fetched. The host is named, the path never: it may hold a key.
 */

/** True when the server said that the file is not there (any more) or not for us. */
export function isNotThere(error: unknown): boolean {
  return error instanceof PermanentError && error.code === 'media.not_there'
}

function notThere({ hostname: host }: URL, status: number): PermanentError {
  return new PermanentError(`${host} does not hand out the file (status ${status}).`, {
    code: 'media.not_there',
    context: { host, status },
  })
}

function serverError({ hostname: host }: URL, status: number): TransientError {
  return new TransientError(`${host} could not hand out the file (status ${status}).`, {
    code: 'media.server_error',
    context: { host, status },
  })
}

function stalled({ hostname: host }: URL): TransientError {
  return new TransientError(`${host} fell silent in the middle of a file. It is tried again.`, {
    code: 'media.stalled',
    context: { host },
  })
}

/** A chain of redirects without an end. */
function tooManyRedirects({ hostname: host }: URL): PermanentError {
  return new PermanentError(`${host} redirects too often instead of handing out the file.`, {
    code: 'media.too_many_redirects',
    context: { host },
  })
}

function notAnAddress(): PermanentError {
  return new PermanentError('The address of the file is not an http or https address.', {
    code: 'media.host_refused',
  })
}

function unreachable({ hostname: host }: URL, cause: unknown): TransientError {
  const network = cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN'
  return new TransientError(`No file from ${host}: ${network}. It is tried again.`, {
    code: 'media.unreachable',
    context: { host, network },
    cause,
  })
}
