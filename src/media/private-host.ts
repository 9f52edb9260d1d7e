import { isIP } from 'node:net'
import { isPublicAddress } from './addresses.ts'

/** Names that never lead out of the own machine or network. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/i

/**
 * Whether a host is one of the own machine or network by its spelling alone; `undefined` for a name that only DNS can tell
 * about. As in an URL, IPv6 addresses may stand in brackets.
 */
export function isPrivateHost(host: string): boolean | undefined {
  const address = host.replace(/^\[|\]$/g, '')
  if (isIP(address) !== 0) return !isPublicAddress(address)
  // A name without a dot is one of the local network or of containers.
  return LOCAL_NAME.test(host) || !host.includes('.') ? true : undefined
}
