import type { BridgeConfig } from '../config/schema.ts'

/** Where a bridge with this configuration is reached from its own machine. */
export function localAddress({
  host,
  port,
}: Pick<BridgeConfig['server'], 'host' | 'port'>): string {
  return `http://${reachable(host)}:${port}`
}

/** Listening on every address is not an address to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
