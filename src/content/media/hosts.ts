import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { PermanentError } from '../../kernel/errors.ts'
import { isPublicAddress } from '../../kernel/network-address.ts'

/** Which servers files may be fetched from. */
export type HostPolicy = {
  /**
   * Base URLs the operator wrote into the configuration. Their origins may be private and without
   * TLS: a helpdesk in the same network is what people run.
   */
  configured: readonly string[]
  /**
   * Further hosts, over https only and at public addresses only: `example.com`, `*.example.com`,
   * or `any` where the other side may send us anywhere, as Chatwoot does to its storage.
   */
  hosts: readonly string[] | 'any'
}

/** `configured`: trusted as it is. `public`: its addresses have to be looked at when connecting. */
export type Standing = 'configured' | 'public'

/**
 * Whether a URL may be fetched at all; to be asked again for every redirect.
 *
 * @throws {PermanentError} `media.host_refused`
 */
export function standingOf(url: URL, policy: HostPolicy): Standing {
  if (isConfigured(url, policy)) return 'configured'
  if (isListed(url, policy)) return 'public'
  throw hostRefused(url.hostname)
}

function isConfigured(url: URL, { configured }: HostPolicy): boolean {
  return !hasCredentials(url) && configured.some((base) => URL.parse(base)?.origin === url.origin)
}

function isListed(url: URL, { hosts }: HostPolicy): boolean {
  if (url.protocol !== 'https:' || hasCredentials(url)) return false
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // An address in the URL itself never meets the look-up below.
  if (isIP(host) !== 0 && !isPublicAddress(host)) return false
  if (hosts === 'any') return true
  return url.port === '' && hosts.some((allowed) => matches(host, allowed))
}

function matches(host: string, allowed: string): boolean {
  return allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed
}

/** `https://www.wasenderapi.com@evil.example/`: nobody needs it and it only ever misleads. */
const hasCredentials = ({ username, password }: URL) => username !== '' || password !== ''

type LookupAll = (
  host: string,
  options: { all: true },
  callback: (
    error: NodeJS.ErrnoException | null,
    found: { address: string; family: number }[],
  ) => void,
) => void

/**
 * A DNS look-up that only answers public addresses. It is handed to the connection itself, so a
 * name cannot be public when it is checked and private when it is used.
 */
export function publicLookup(resolve: LookupAll = systemLookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, [])
      const usable = found.filter(({ address }) => isPublicAddress(address))
      const [first] = usable
      if (first === undefined) return callback(hostRefused(host), [])
      return options.all === true
        ? callback(null, usable)
        : callback(null, first.address, first.family)
    })
  }
}

/** The host is named, the path never: it may hold a key. */
function hostRefused(host: string): PermanentError {
  return new PermanentError(`Files are not fetched from ${host}: it is not on the list.`, {
    code: 'media.host_refused',
    context: { host },
  })
}
