import { BridgeError, ConfigError } from '../../kernel/errors.ts'
import { isPrivateHost } from '../../kernel/network-address.ts'
import type { Progress } from './steps.ts'

/**
 * The first question to a platform. The clients say of one that does not answer that it is tried again, which is
 * right for the bridge; here a person sits and can look at the address.
 *
 * @throws {ConfigError} `setup.unreachable`
 */
export async function reaching<T>(
  where: { name: string; baseUrl: string; flag: string },
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (!(cause instanceof BridgeError) || !cause.code.endsWith('.unreachable')) throw cause
    const { name, baseUrl, flag } = where
    const { network = 'no answer' } = cause.context
    throw new ConfigError(
      `${name} does not answer at ${baseUrl} (${network}). Check ${flag}, and whether it runs.`,
      { code: 'setup.unreachable', cause },
    )
  }
}

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

/** Tells of public addresses that one of the platforms will not be able or willing to reach. */
export function noteReachability(options: {
  publicUrl: string
  /** Whether this Chatwoot does (4.14 and newer). */
  refusesPrivateHosts: boolean
  progress: Progress
}): void {
  const { publicUrl, refusesPrivateHosts, progress } = options
  const { protocol, hostname } = new URL(publicUrl)
  if (isPrivateHost(hostname) === true) {
    progress.note(`WasenderAPI cannot reach ${publicUrl}: it is not an address of the internet.`)
    if (refusesPrivateHosts) {
      progress.note(
        'Chatwoot 4.14 and newer refuse to post to a private address unless its web and Sidekiq processes run with ' +
          'SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true.',
      )
    }
  } else if (protocol === 'http:') {
    // WasenderAPI posts to https only (docs/platforms/wasender.md#webhooks).
    progress.note(`${publicUrl} is not encrypted: WasenderAPI asks for an https address.`)
  }
}
