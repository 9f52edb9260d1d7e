import { isIP } from 'node:net'
import { isPublicAddress } from '../media/addresses.ts'
import type { Progress } from './steps.ts'

/** Names that never lead out of the own machine or network. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/i

/** Tells of public addresses that one of the platforms will not be able or willing to reach. */
export function noteReachability(options: {
  publicUrl: string
  /** Whether this Chatwoot does (4.14 and newer). */
  refusesPrivateHosts: boolean
  progress: Progress
}): void {
  const { publicUrl, refusesPrivateHosts, progress } = options
  const { protocol, hostname } = new URL(publicUrl)
  if (isPrivate(hostname)) {
    progress.note(`WasenderAPI cannot reach ${publicUrl}: it is not an address of the internet.`)
    if (refusesPrivateHosts) {
      progress.note(
        'Chatwoot 4.14 and newer refuse to post to a private address unless its web and Sidekiq processes run with ' +
          'SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true.',
      )
    }
  } else if (protocol === 'http:') {
    // (wasender-webhooks.md, section 2)
    progress.note(`${publicUrl} is not encrypted: WasenderAPI asks for an https address.`)
  }
}

function isPrivate(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  return isIP(address) === 0
    ? LOCAL_NAME.test(hostname) || !hostname.includes('.')
    : !isPublicAddress(address)
}
