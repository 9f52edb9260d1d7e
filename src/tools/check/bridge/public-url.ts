import { type Reach, reachOf } from '../addresses.ts'
import { type Finding, failed, ok } from '../check.ts'
import type { BridgeCheck } from './context.ts'

export type PublicUrlFacts = {
  publicUrl: string
  /** Of `publicUrl` itself. */
  reach: Reach
  /** WasenderAPI is the real one or another out on the Internet, not a stand-in on this machine. */
  gatewayIsPublic: boolean
}

/** Whether the platforms could reach the bridge at that address at all. */
export const publicUrl: BridgeCheck = {
  id: 'config.public_url',
  title: 'Public address',
  async run({ config }) {
    const { server, accounts } = config
    const gateways = await Promise.all(accounts.map(({ wasender }) => reachOf(wasender.baseUrl)))
    return [
      judgePublicUrl({
        publicUrl: server.publicUrl,
        reach: await reachOf(server.publicUrl),
        // A name DNS does not know is no stand-in: those are on this machine.
        gatewayIsPublic: gateways.some((reach) => reach !== 'private'),
      }),
    ]
  },
}

/** WasenderAPI posts over https and from outside (docs/platforms/wasender.md#webhooks). */
export function judgePublicUrl({
  publicUrl: url,
  reach,
  gatewayIsPublic,
}: PublicUrlFacts): Finding {
  if (reach === 'unknown') {
    return failed(
      'config.public_url.unknown_name',
      `DNS does not know the name in ${url}.`,
      'Make a DNS entry for it, or correct server.publicUrl.',
    )
  }
  if (!gatewayIsPublic) return ok(`${url}, for a gateway in the same network.`)
  if (reach === 'private') {
    return failed(
      'config.public_url.private',
      `${url} can be reached from this network only, and WasenderAPI posts from outside.`,
      'Set server.publicUrl to an address the Internet reaches, by a reverse proxy or a tunnel.',
    )
  }
  if (!url.startsWith('https:')) {
    return failed(
      'config.public_url.not_https',
      `${url} is not https, and WasenderAPI delivers to https only.`,
      'Put a reverse proxy with a certificate in front and set server.publicUrl to its https address.',
    )
  }
  return ok(url)
}
