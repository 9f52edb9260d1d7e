import type { ServerInfo } from '../../../platforms/chatwoot/api/server.ts'
import { type Feature, supports } from '../../../platforms/chatwoot/version.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, ok, warning } from '../check.ts'

/** What agents miss on an older Chatwoot, newest first (docs/platforms/chatwoot.md#versions). */
const MISSED: readonly (readonly [Feature, string])[] = [
  ['signedInboxWebhooks', 'webhooks are not signed (4.13)'],
  ['deliveredStatus', 'no "delivered" ticks (4.12)'],
  ['externalEcho', 'messages typed on the phone look like any other (4.11)'],
]

const UPDATE = 'Update Chatwoot to 4.13 or newer.'

/** What this release can show. */
export const chatwootVersion: AccountCheck = {
  id: 'chatwoot.version',
  title: 'Chatwoot version',
  needs: ['chatwoot'],
  async run({ chatwoot, account, at }) {
    const outcome = await chatwoot.version()
    if (!outcome.ok) throw outcome.error
    const { webhookToken } = account.chatwoot
    return judgeVersion(outcome.value, { hasToken: webhookToken !== undefined, at })
  },
}

export function judgeVersion(
  { raw, version }: Pick<ServerInfo, 'raw' | 'version'>,
  { hasToken, at }: { hasToken: boolean; at: string },
): Finding[] {
  const can = supports(version)
  if (!can.statusPatch) {
    const found = `${raw} is too old: agents would never see that a message failed.`
    return [failed('chatwoot.too_old', found, UPDATE)]
  }
  const missed = MISSED.filter(([feature]) => !can[feature]).map(([, words]) => words)
  if (missed.length === 0) return [ok(`${raw}.`)]
  const older = warning('chatwoot.older', `${raw}: ${missed.join('; ')}.`, UPDATE)
  if (can.signedInboxWebhooks || hasToken) return [older]
  return [
    failed(
      'chatwoot.unsigned',
      `${raw} does not sign its callbacks, so all are refused.`,
      `Set ${at}.chatwoot.webhookToken to a long random text and add it to the callback URL of the inbox as its last segment, or update Chatwoot to 4.13 or newer.`,
    ),
    older,
  ]
}
