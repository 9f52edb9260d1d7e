import type { BridgeError } from '../../../kernel/errors.ts'
import type { Profile } from '../../../platforms/chatwoot/shapes/agent.ts'
import type { AccountCheck, AccountContext } from '../account-context.ts'
import { type Finding, failed, ok, warning } from '../check.ts'
import { probeHttp } from '../http-probe.ts'

const DEDICATED =
  'the access token from the profile page of an administrator, best one made for the bridge'

/** Whose token it is, and what it may do. */
export const chatwootToken: AccountCheck = {
  id: 'chatwoot.token',
  title: 'Chatwoot access token',
  needs: ['chatwoot'],
  async run(context) {
    const outcome = await context.chatwoot.profile()
    if (!outcome.ok) return [await judgeRefusal(context, outcome.error)]
    return [judgeProfile(outcome.value, context.account.chatwoot.accountId, context.at)]
  },
}

async function judgeRefusal(context: AccountContext, error: BridgeError): Promise<Finding> {
  if (error.code === 'chatwoot.header_dropped') return await judgeDroppedHeader(context)
  const refusal = REFUSALS[error.code]?.(`${context.at}.chatwoot.apiAccessToken`)
  if (refusal === undefined) throw error
  return refusal
}

/** Why Chatwoot may refuse a token (docs/platforms/chatwoot.md#tokens-and-roles). */
const REFUSALS: Readonly<Record<string, (setting: string) => Finding>> = {
  'chatwoot.bad_token': (setting) =>
    failed(
      'chatwoot.token.refused',
      'Chatwoot does not know it: wrong, or reset.',
      `Set ${setting} to ${DEDICATED}.`,
    ),
  'chatwoot.bot_token': (setting) =>
    failed(
      'chatwoot.token.bot',
      'it belongs to an agent bot, which may neither see contacts nor report ticks.',
      `Set ${setting} to ${DEDICATED}.`,
    ),
  'chatwoot.api_disabled': () =>
    failed(
      'chatwoot.token.plan',
      'the plan of this Chatwoot Cloud account does not include API access.',
      'Change to a plan with API access.',
    ),
}

/** What the role lacks (docs/platforms/chatwoot.md#tokens-and-roles). */
export function judgeProfile({ accounts }: Profile, accountId: number, at: string): Finding {
  const account = accounts.find(({ id }) => id === accountId)
  if (account === undefined) {
    const ids = accounts.map(({ id }) => id).join(', ') || 'none'
    return failed(
      'chatwoot.account',
      `its user is not a member of account ${accountId}, but of: ${ids}.`,
      `Set ${at}.chatwoot.accountId to the number after /app/accounts/ in the address agents open, or add the user to that account.`,
    )
  }
  if (account.role !== 'administrator') {
    return warning(
      'chatwoot.token.agent',
      `its user is "${account.role}": the secret of the inbox cannot be compared, and conversations the bridge opens are assigned to that user.`,
      'Make that user an administrator, or use the token of one.',
    )
  }
  return ok('of an administrator.')
}

/**
 * Chatwoot got no token although one was sent. Both spellings are tried, since proxies treat them differently: nginx
 * drops names with underscores (docs/platforms/chatwoot.md#token-header).
 */
async function judgeDroppedHeader({ account }: AccountContext): Promise<Finding> {
  const { baseUrl, apiAccessToken } = account.chatwoot
  const headers = { api_access_token: apiAccessToken }
  const probed = await probeHttp(`${baseUrl}/api/v1/profile`, { headers })
  return judgeSpellings(probed.answered && probed.status === 200)
}

export function judgeSpellings(underscoresPass: boolean): Finding {
  return failed(
    'chatwoot.token.header_dropped',
    underscoresPass
      ? 'it does not reach Chatwoot: a proxy in front drops the header Api-Access-Token, though it lets api_access_token pass.'
      : 'it does not reach Chatwoot: a proxy in front drops the header, however it is spelled.',
    'Let the proxy in front of Chatwoot pass the request header Api-Access-Token on.',
  )
}
