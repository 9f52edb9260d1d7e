import type { ChatwootClient } from '../chatwoot/client.ts'
import type { AccountId, InboxId } from '../ids.ts'
import type { Credentials } from './credentials.ts'

/**
 * Takes over what Chatwoot signs its webhooks with now: the inbox's secret, which administrators see since 4.13, and
 * those of the account webhooks that lead to this account of the bridge (docs/platforms/chatwoot.md#signatures).
 */
export function createAskInbox(deps: {
  account: AccountId
  inboxId: InboxId
  chatwoot: Pick<ChatwootClient, 'inboxes' | 'webhooks'>
  credentials: Credentials
}): () => Promise<boolean> {
  const { account, inboxId, chatwoot, credentials } = deps
  return async () => {
    // Who authenticates by the URL alone has chosen so; a secret would suddenly be demanded.
    if (credentials.now().chatwootSecrets.length === 0) return false
    const { secret } = await chatwoot.inboxes.get(inboxId)
    if (secret === undefined || secret === '') return false
    const others = (await chatwoot.webhooks.list())
      .filter(({ url }) => leadsTo(url, account))
      .flatMap((webhook) => webhook.secret ?? [])
    return credentials.learn({ chatwootSecrets: [secret, ...others.filter((each) => each !== '')] })
  }
}

function leadsTo(url: string, account: AccountId): boolean {
  return URL.canParse(url) && new URL(url).pathname.endsWith(`/webhooks/chatwoot/${account}`)
}
