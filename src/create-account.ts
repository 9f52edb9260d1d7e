import type { Account } from './account.ts'
import { createChatwootClient } from './chatwoot/client.ts'
import { createInboxFacts } from './chatwoot/inbox-facts.ts'
import type { Clock } from './clock.ts'
import type { AccountConfig } from './config/schema.ts'
import { textsOf } from './locale/index.ts'
import { storeKey } from './store/keys.ts'
import type { AccountState, Store } from './store/types.ts'
import type { OnCall } from './upstream/transport.ts'
import { createWasenderClient } from './wasender/client.ts'

/** What the bridge remembers of the account; made at its first start. */
export async function accountState(
  store: Store,
  id: AccountConfig['id'],
  clock: Clock,
): Promise<AccountState> {
  const key = storeKey.account(id)
  const fresh: AccountState = { account: id, since: clock.now(), at: clock.now() }
  return (await store.accounts.update(key, (known) => (known ? undefined : fresh))) ?? fresh
}

/** Ties one account's configuration to clients of its own. */
export async function createAccount(deps: {
  config: AccountConfig
  store: Store
  clock: Clock
  onCall: OnCall
  onError: (error: unknown) => void
}): Promise<Account> {
  const { config, store, clock, onCall, onError } = deps
  const { id } = config
  const known = await accountState(store, id, clock)
  const { baseUrl, apiAccessToken, accountId, inboxId } = config.chatwoot
  const chatwoot = createChatwootClient({ account: id, baseUrl, accountId, apiAccessToken, onCall })
  const wasender = createWasenderClient({
    account: id,
    baseUrl: config.wasender.baseUrl,
    apiKey: config.wasender.apiKey,
    personalAccessToken: config.wasender.personalAccessToken,
    routes: config.wasender.routes,
    rememberedRoutes: known.routes,
    onRoutes: (routes) => {
      store.accounts
        .update(storeKey.account(id), (state) => (state ? { ...state, routes } : undefined))
        .catch(onError)
    },
    onCall,
  })
  return {
    id,
    inboxId,
    options: config.options,
    texts: textsOf(config.options.locale),
    wasender,
    chatwoot,
    inbox: createInboxFacts({ chatwoot, inboxId, clock }),
  }
}
