import type { ServerInfo } from '../../../platforms/chatwoot/api/server.ts'
import { compareVersions, parseVersion, supports } from '../../../platforms/chatwoot/version.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Reach, reachOf } from '../addresses.ts'
import { type Finding, failed, ok, warning } from '../check.ts'

/**
 * Since 4.14 Chatwoot posts to public addresses only, unless told otherwise
 * (docs/platforms/chatwoot.md#webhook-requests).
 */
export const privateCallback: AccountCheck = {
  id: 'chatwoot.private_callback',
  title: 'Callback through the address filter',
  needs: ['chatwoot'],
  async run({ chatwoot, publicUrl }) {
    const outcome = await chatwoot.version()
    if (!outcome.ok) throw outcome.error
    return [judgeFilter(outcome.value.version, await reachOf(publicUrl))]
  },
}

/** The release whose filter has no switch. */
const WITHOUT_SWITCH = parseVersion('4.14.0')

export function judgeFilter(version: ServerInfo['version'], reach: Reach): Finding {
  if (reach !== 'private' || !supports(version).refusesPrivateHosts) return ok('not in the way.')
  const found = 'server.publicUrl is a private address, and Chatwoot refuses those'
  const hasNoSwitch =
    version !== undefined &&
    WITHOUT_SWITCH !== undefined &&
    compareVersions(version, WITHOUT_SWITCH) === 0
  return hasNoSwitch
    ? failed(
        'chatwoot.private_callback.no_switch',
        `${found}; 4.14.0 has no setting to allow them.`,
        'Update Chatwoot to 4.14.1 or newer, or give the bridge a public address.',
      )
    : warning(
        'chatwoot.private_callback',
        `${found} unless it is allowed to; whether it is cannot be seen from here.`,
        'Set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true on both the web and the Sidekiq process of Chatwoot, and restart them.',
      )
}
