import type { AccountContext } from '../account-context.ts'
import { type Finding, failed } from '../check.ts'
import { probeHttp } from '../http-probe.ts'

/**
 * Chatwoot got no token although one was sent. Both spellings are tried, since proxies treat them differently: nginx
 * drops names with underscores (docs/platforms/chatwoot.md#token-header).
 */
export async function judgeDroppedHeader({ account }: AccountContext): Promise<Finding> {
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
