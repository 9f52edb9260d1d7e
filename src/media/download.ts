import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { BridgeError } from '../errors.ts'
import { USER_AGENT } from '../version.ts'
import {
  notAnAddress,
  notThere,
  serverError,
  stalled,
  tooManyRedirects,
  unreachable,
} from './download-errors.ts'
import { type HostPolicy, publicLookup, type Standing, standingOf } from './hosts.ts'
import { untilStalled } from './stall.ts'
import { createSweep, type Sweep } from './sweep.ts'

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

export type DownloadOptions = {
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
