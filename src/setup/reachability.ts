import { isPrivateHost } from '../media/private-host.ts'
import type { Progress } from './steps.ts'

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
