import { lookup } from 'node:dns/promises'
import { isPrivateHost, isPublicAddress } from '../../kernel/network-address.ts'

/** Who can reach a host. `unknown`: its name leads nowhere from here. */
export type Reach = 'public' | 'private' | 'unknown'

type Lookup = (host: string) => Promise<readonly { address: string }[]>

/** Whether the Internet can reach the host of an address. One public address is enough. */
export async function reachOf(
  url: string,
  resolve: Lookup = (host) => lookup(host, { all: true }),
): Promise<Reach> {
  const host = URL.parse(url)?.hostname ?? ''
  const isPrivate = isPrivateHost(host)
  if (isPrivate !== undefined) return isPrivate ? 'private' : 'public'
  try {
    const found = await resolve(host)
    return found.some(({ address }) => isPublicAddress(address)) ? 'public' : 'private'
  } catch {
    // Whatever DNS says: the name leads nowhere, and that is the answer.
    return 'unknown'
  }
}
