import { BlockList, isIP } from 'node:net'

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

/** The same for IPv6: loopback, local, documentation, and tunnels that hide an IPv4 address. */
const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
]

/** Addresses of networks with NAT64 reach IPv4 servers under this prefix. */
const NAT64 = '64:ff9b::'

const special = new BlockList()
for (const [network, prefix] of SPECIAL_IPV4) {
  // IPv4 rules also cover the IPv4-mapped form `::ffff:10.0.0.1`.
  special.addSubnet(network, prefix, 'ipv4')
  special.addSubnet(`${NAT64}${network}`, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, 'ipv6')

/** True for an IP address anybody on the Internet can reach; false for any other text. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  // A zone such as `%eth0` only ever follows a link-local address.
  if (address.includes('%')) return false
  return !special.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
