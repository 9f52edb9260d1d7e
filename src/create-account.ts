import type { Account } from './account.ts'
import { type ChatwootClient, createChatwootClient } from './chatwoot/client.ts'
import { createInboxFacts } from './chatwoot/inbox-facts.ts'
import type { Clock } from './clock.ts'
import type { AccountConfig } from './config/schema.ts'
import { withCrashPoints } from './crash-points.ts'
import { type Breaker, createBreaker } from './delivery/breaker.ts'
import { textsOf } from './locale/index.ts'
import { storeKey } from './store/keys.ts'
import type { AccountState, Store } from './store/types.ts'
import type { OnCall } from './upstream/transport.ts'
import { createWasenderClient, type WasenderClient } from './wasender/client.ts'
import { createManagedSession } from './wasender/managed-session.ts'

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
  /** Waits between the questions whether Chatwoot is back. */
  probeWaitsMs?: readonly number[]
}): Promise<Account> {
  const { config, store, clock, onCall, onError } = deps
  const { id } = config
  const known = await accountState(store, id, clock)
  const { baseUrl, apiAccessToken, accountId, inboxId } = config.chatwoot
  const chatwootBreaker: Breaker = createBreaker({
    clock,
    probe: () => chatwoot.inboxes.get(inboxId),
    ...(deps.probeWaitsMs === undefined ? {} : { waitsMs: deps.probeWaitsMs }),
  })
  const chatwoot = createChatwootClient({
    account: id,
    baseUrl,
    accountId,
    apiAccessToken,
    onCall(call) {
      chatwootBreaker.observe(isTrouble(call.status) ? 'failed' : 'ok')
      onCall(call)
    },
  })
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
    baseUrls: { wasender: config.wasender.baseUrl, chatwoot: baseUrl },
    wasender: stoppableWasender(wasender),
    managedSession: managedSession(config.wasender, wasender),
    chatwoot: stoppableChatwoot(chatwoot),
    chatwootBreaker,
    inbox: createInboxFacts({ chatwoot, inboxId, clock }),
  }
}

function managedSession(
  { personalAccessToken, sessionId, apiKey }: AccountConfig['wasender'],
  { sessions }: WasenderClient,
) {
  if (personalAccessToken === undefined) return undefined
  return createManagedSession({ sessions, sessionId, apiKey })
}

/** No answer, or one that says that nobody gets a better one now: broken, or the token is not taken. */
function isTrouble(status: number | 'error'): boolean {
  return status === 'error' || status >= 500 || status === 401
}

function stoppableWasender(client: WasenderClient): WasenderClient {
  return {
    ...client,
    messages: withCrashPoints('wasender.messages', client.messages),
    media: withCrashPoints('wasender.media', client.media),
  }
}

function stoppableChatwoot(client: ChatwootClient): ChatwootClient {
  return {
    ...client,
    contacts: withCrashPoints('chatwoot.contacts', client.contacts),
    conversations: withCrashPoints('chatwoot.conversations', client.conversations),
    messages: withCrashPoints('chatwoot.messages', client.messages),
  }
}
