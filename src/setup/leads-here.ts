/**
 * Whether an address is our webhook's, also under the bridge's former public address and with a token behind it. What
 * leads anywhere else belongs to another program, or to another account.
 */
export function leadsHere(address: string, webhookUrl: string): boolean {
  const path = URL.parse(address)?.pathname
  const ours = URL.parse(webhookUrl)?.pathname
  if (path === undefined || ours === undefined) return false
  return path === ours || path.startsWith(`${ours}/`)
}
