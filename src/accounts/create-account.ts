import type { AccountConfig } from '../config/schema.ts'
import { textsOf } from '../content/locale/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { withCrashPoints } from '../kernel/crash-points.ts'
import type { AccountId, InboxId } from '../kernel/ids.ts'
import { type ChatwootClient, createChatwootClient } from '../platforms/chatwoot/client.ts'
import { createInboxFacts } from '../platforms/chatwoot/inbox-facts.ts'
import type { OnCall } from '../platforms/upstream/transport.ts'
import { createWasenderClient, type WasenderClient } from '../platforms/wasender/client.ts'
import { storeKey } from '../state/store/keys.ts'
import type { AccountState, Store } from '../state/store/types.ts'
import type { Account } from './account.ts'
import { createBreaker } from './breaker.ts'
import { tieToChatwoot } from './chatwoot-place.ts'
import {
  type Credentials,
  createAccountCredentials,
  createRefresh,
} from './credentials/account-credentials.ts'

/** What the bridge remembers of the account; made at its first start. */
export async function accountState(
  store: Store,
  id: AccountConfig['id'],
  clock: Clock,
): Promise<AccountState> {
  const key = storeKey.account(id)
  const now = clock.now()
  const fresh: AccountState = { account: id, since: now, at: now }
  const settled = await store.accounts.update(key, (known) =>
    known === undefined ? fresh : notOfTheFuture(known, now),
  )
  return settled ?? fresh
}

/** Processes that share a store may differ by so much, and so may Chatwoot's clock. */
const CLOCKS_DIFFER_MS = 2 * 60_000

/** What was noted while the clock was ahead would have nothing caught up with until then. */
function notOfTheFuture(known: AccountState, now: number): AccountState | undefined {
  const isAhead = (at = 0) => at > now + CLOCKS_DIFFER_MS
  if (!isAhead(known.since) && !isAhead(known.forgotBefore)) return undefined
  return {
    ...known,
    since: Math.min(known.since, now),
    ...(known.forgotBefore === undefined
      ? {}
      : { forgotBefore: Math.min(known.forgotBefore, now) }),
    at: now,
  }
}

/** From when on the bridge knows what it has sent, ms since 1970: nothing older is sent only because it seems unsent. */
export function knownSince({ since, forgotBefore = 0 }: AccountState): number {
  return Math.max(since, forgotBefore)
}

type AccountDeps = {
  config: AccountConfig
  store: Store
  clock: Clock
  onCall: OnCall
  onError: (error: unknown) => void
  /** Waits between the questions whether Chatwoot is back. */
  probeWaitsMs?: readonly number[]
}

/**
 * Ties one account's configuration to clients of its own.
 *
 * @throws {ConfigError} when it names another Chatwoot than the one the account's records are about.
 */
export async function createAccount(deps: AccountDeps): Promise<Account> {
  const { config, clock, onError } = deps
  const { id } = config
  const { baseUrl, inboxId } = config.chatwoot
  const known = await accountState(deps.store, id, clock)
  await tieToChatwoot(deps.store, config)
  const change = (news: Partial<AccountState>) => remember(deps, news)
  const keeper = createAccountCredentials({
    config,
    clock,
    onCall: deps.onCall,
    onError,
    remembered: known.session,
    onKept: (session) => change({ session }),
  })
  const { credentials, managedSession, configure } = keeper
  keeper.findSession()
  const { chatwoot, chatwootBreaker } = guardedChatwoot(deps, credentials)
  const ask = createAskInbox({ account: id, inboxId, chatwoot, credentials })
  return {
    id,
    inboxId,
    options: config.options,
    texts: textsOf(config.options.locale),
    baseUrls: { wasender: config.wasender.baseUrl, chatwoot: baseUrl },
    credentials,
    refresh: {
      wasender: keeper.refreshSession,
      chatwoot: createRefresh({ ask, clock, onError }),
    },
    configure,
    wasender: stoppableWasender(
      createWasenderClient({
        account: id,
        baseUrl: config.wasender.baseUrl,
        apiKey: () => credentials.now().apiKey,
        personalAccessToken: () => credentials.now().personalAccessToken,
        onKeyRefused: keeper.onKeyRefused,
        routes: config.wasender.routes,
        rememberedRoutes: known.routes,
        onRoutes: (routes) => change({ routes }),
        onCall: deps.onCall,
      }),
    ),
    get managedSession() {
      return managedSession()
    },
    chatwoot: stoppableChatwoot(chatwoot),
    chatwootBreaker,
    inbox: createInboxFacts({ chatwoot, inboxId, clock }),
  }
}

function remember({ config, store, onError }: AccountDeps, news: Partial<AccountState>): void {
  store.accounts
    .update(storeKey.account(config.id), (state) => (state ? { ...state, ...news } : undefined))
    .catch(onError)
}

/** Chatwoot, and what keeps the account from hammering it while it is out of order. */
function guardedChatwoot(deps: AccountDeps, credentials: Credentials) {
  const { config, clock, onCall, onError, probeWaitsMs } = deps
  const { baseUrl, accountId, inboxId } = config.chatwoot
  const chatwootBreaker = createBreaker({
    clock,
    ...(probeWaitsMs === undefined ? {} : { waitsMs: probeWaitsMs }),
  })
  const chatwoot = createChatwootClient({
    account: config.id,
    baseUrl,
    accountId,
    apiAccessToken: () => credentials.now().chatwootToken,
    onCall(call) {
      chatwootBreaker.observe(isTrouble(call.status) ? 'failed' : 'ok')
      onCall(call)
    },
  })
  chatwootBreaker.probeBy(() => chatwoot.inboxes.get(inboxId))
  credentials.onChange((changed) => {
    // A breaker that the old token has opened closes when the new one is taken.
    if (changed.has('chatwootToken')) chatwoot.inboxes.get(inboxId).catch(onError)
  })
  return { chatwoot, chatwootBreaker }
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

/** Again with a Redis that may have been away when the accounts were made. */
export async function confirmPlaces(
  accounts: readonly AccountConfig[],
  store: Store,
  clock: Clock,
): Promise<void> {
  for (const account of accounts) {
    await accountState(store, account.id, clock)
    await tieToChatwoot(store, account)
  }
}

/**
 * Takes over what Chatwoot signs its webhooks with now: the inbox's secret, which administrators see since 4.13, and
 * those of the account webhooks that lead to this account of the bridge (docs/platforms/chatwoot.md#signatures).
 */
function createAskInbox(deps: {
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
