import { BlockList, isIP } from 'node:net'

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

/** IPv4 ranges that are nobody's public server (IANA special-purpose registry, multicast, reserved). */
const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** All addresses of the IPv6 Internet are in here (IANA IPv6 address space); whatever is not named below is none of it. */
const GLOBAL_IPV6 = ['2000::', 3] as const

/** Parts of it that are nobody's public server: documentation, protocols, and tunnels that hide an IPv4 address. */
const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/** Networks with NAT64 reach IPv4 servers under this prefix (RFC 6052). */
const NAT64 = '64:ff9b::'
/** How an IPv4 address is written as an IPv6 one (RFC 4291, section 2.5.5.2). */
const MAPPED = '::ffff:0.0.0.0'

const special = new BlockList()
for (const [network, prefix] of SPECIAL_IPV4) {
  // IPv4 rules also cover the IPv4-mapped form `::ffff:10.0.0.1`.
  special.addSubnet(network, prefix, 'ipv4')
  special.addSubnet(`${NAT64}${network}`, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, 'ipv6')

const possible = new BlockList()
possible.addSubnet(...GLOBAL_IPV6, 'ipv6')
possible.addSubnet(NAT64, 96, 'ipv6')
possible.addSubnet(MAPPED, 96, 'ipv6')

/** True for an IP address anybody on the Internet can reach; false for any other text. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  // A zone such as `%eth0` only ever follows a link-local address.
  if (address.includes('%')) return false
  if (family === 4) return !special.check(address, 'ipv4')
  return possible.check(address, 'ipv6') && !special.check(address, 'ipv6')
}
