import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPublicAddress } from '../media/addresses.ts'

/** Who can reach a host. `unknown`: its name leads nowhere from here. */
export type Reach = 'public' | 'private' | 'unknown'

type Lookup = (host: string) => Promise<readonly { address: string }[]>

const LOCAL_NAME = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/i

/** Whether the Internet can reach the host of an address. One public address is enough. */
export async function reachOf(
  url: string,
  resolve: Lookup = (host) => lookup(host, { all: true }),
): Promise<Reach> {
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  if (isIP(host) !== 0) return isPublicAddress(host) ? 'public' : 'private'
  // A name without a dot is one of the local network or of containers.
  if (LOCAL_NAME.test(host) || !host.includes('.')) return 'private'
  try {
    const found = await resolve(host)
    return found.some(({ address }) => isPublicAddress(address)) ? 'public' : 'private'
  } catch {
    // Whatever DNS says: the name leads nowhere, and that is the answer.
    return 'unknown'
  }
}
