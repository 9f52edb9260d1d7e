import { createHash } from 'node:crypto'
import type { AccountConfig } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import { BridgeError, OperatorNeededError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { OnCall } from '../../platforms/upstream/transport.ts'
import { createWasenderClient } from '../../platforms/wasender/client.ts'
import type { OwnSession } from '../../platforms/wasender/session.ts'
import {
  createManagedSession,
  type ManagedSession,
  type SessionMemory,
} from '../../platforms/wasender/sessions.ts'
import type { OnRefused } from '../../platforms/wasender/token-api.ts'
import type { AccountState } from '../../state/store/types.ts'

/** An account's credentials, and what keeps those of the WhatsApp session up to date. */
type AccountCredentials = {
  credentials: Credentials
  /** For webhooks that do not match. */
  refreshSession: Refresh
  onKeyRefused: OnRefused
  /** `undefined` while there is no personal access token. */
  managedSession: () => ManagedSession | undefined
  /** Finds the session while its key is the configured one, so that it is known when the key has changed. */
  findSession: () => void
  /** Takes over the credentials that differ from those configured before. */
  configure: (config: AccountConfig) => void
}

export function createAccountCredentials(deps: {
  config: AccountConfig
  remembered?: RememberedSession | undefined
  onKept?: ((session: RememberedSession | undefined) => void) | undefined
  clock: Clock
  onCall?: OnCall | undefined
  onError: (error: unknown) => void
}): AccountCredentials {
  const { config, clock, onCall, onError } = deps
  const { id, wasender } = config
  let configured = config
  const credentials = createCredentials({ initial: configuredCredentials(config), clock })
  const apiKey = () => credentials.now().apiKey
  // A client of its own, whose refused key starts no refresh: it is what a refresh asks with.
  const { sessions, session } = createWasenderClient({
    account: id,
    baseUrl: wasender.baseUrl,
    apiKey,
    personalAccessToken: () => credentials.now().personalAccessToken,
    routes: wasender.routes,
    onCall,
  })
  const managed = createManagedSession({
    sessions,
    sessionId: wasender.sessionId,
    apiKey,
    memory: createSessionMemory({
      configuredKey: () => configured.wasender.apiKey,
      remembered: deps.remembered,
      onKept: deps.onKept,
    }),
  })
  const managedSession = () =>
    credentials.now().personalAccessToken === undefined ? undefined : managed
  const ask = createAskSession({ account: id, managed: managedSession, own: session, credentials })
  // Apart, so that strangers' webhooks cannot keep a refused key from being looked up.
  const refreshKey = createRefresh({ ask, clock, onError })

  const findSession = () => void managedSession()?.id().catch(onError)

  return {
    credentials,
    managedSession,
    findSession,
    refreshSession: createRefresh({ ask, clock, onError }),
    async onKeyRefused(used) {
      if (apiKey() === used) await refreshKey()
      return apiKey() !== used
    },
    configure(next) {
      const news = changedCredentials(configured, next)
      configured = next
      credentials.learn(news)
      if (Object.keys(news).length > 0) findSession()
    },
  }
}

/**
 * Takes over the API key and the webhook secret that the session has now, as the personal access token sees it
 * (docs/platforms/wasender.md#session-settings).
 *
 * @throws {OperatorNeededError} `session.not_ours` when the key in use is a good one of another session: to take over
 * this one's would send from another number.
 */
export function createAskSession(deps: {
  account: AccountId
  managed: () => ManagedSession | undefined
  /** By the API key in use. */
  own: Pick<OwnSession, 'status'>
  credentials: Credentials
}): () => Promise<boolean> {
  const { account, own, credentials } = deps
  return async () => {
    const session = await deps.managed()?.get()
    if (session === undefined) return false
    const { apiKey, webhookSecret } = session
    const isOther = apiKey !== undefined && apiKey.trim() !== credentials.now().apiKey
    if (isOther && (await isAccepted(own))) throw notOurs(account)
    return credentials.learn({
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(webhookSecret === undefined ? {} : { wasenderSecrets: [webhookSecret] }),
    })
  }
}

async function isAccepted(own: Pick<OwnSession, 'status'>): Promise<boolean> {
  try {
    await own.status()
    return true
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'wasender.unauthorized') return false
    throw error
  }
}

function notOurs(account: AccountId): OperatorNeededError {
  return new OperatorNeededError(
    `The API key of account ${account} belongs to another session than its sessionId. Set accounts[].wasender.sessionId to the session of the key, or leave it out.`,
    { code: 'session.not_ours', context: { account } },
  )
}

/** A session's id and the fingerprint of the configured API key that led to it. */
type RememberedSession = NonNullable<AccountState['session']>

/**
 * Remembers which session an account has. It holds only for the key that is configured: with another one the
 * operator may mean another session, and to go on with the old would send from the wrong number.
 */
export function createSessionMemory(options: {
  configuredKey: () => string
  remembered?: RememberedSession | undefined
  onKept?: ((session: RememberedSession | undefined) => void) | undefined
}): SessionMemory {
  const { configuredKey, onKept } = options
  let known = options.remembered
  return {
    recall: () => (known?.key === fingerprint(configuredKey()) ? known.id : undefined),
    keep(id) {
      known = id === undefined ? undefined : { id, key: fingerprint(configuredKey()) }
      onKept?.(known)
    },
  }
}

/** Keys are long and random, so that a part of the hash is enough and tells nothing. */
function fingerprint(key: string): string {
  return createHash('sha256').update(key.trim(), 'utf8').digest('hex').slice(0, 16)
}

/** Brings credentials up to date, or does nothing when that was done a moment ago. Never rejects. */
export type Refresh = () => Promise<void>

/** A stranger who sends webhooks with made-up secrets must not make the bridge hammer the platforms. */
const EVERY_MS = 15_000

/**
 * Asks once for all who want it at the same time, and at most once in `everyMs`. What brought something new does not
 * count: no stranger can make that happen, and a second change may follow the first.
 */
export function createRefresh(options: {
  /** Resolves with true when it brought something new. */
  ask: () => Promise<boolean>
  clock: Clock
  onError: (error: unknown) => void
  everyMs?: number
}): Refresh {
  const { ask, clock, onError, everyMs = EVERY_MS } = options
  let running: Promise<void> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  return () => {
    if (running !== undefined) return running
    const since = clock.now() - askedAt
    // A clock that was set back must not silence it for hours.
    if (since >= 0 && since < everyMs) return Promise.resolve()
    askedAt = clock.now()
    running = ask()
      .then((isNew) => {
        if (isNew) askedAt = Number.NEGATIVE_INFINITY
      })
      .catch(onError)
      .finally(() => {
        running = undefined
      })
    return running
  }
}

/** Everything an account shows to the platforms or accepts from them. All of it is secret. */
export type CredentialValues = {
  /** Of the WhatsApp session. */
  apiKey: string
  personalAccessToken: string | undefined
  /** What WasenderAPI's webhooks may carry. */
  wasenderSecrets: readonly string[]
  chatwootToken: string
  /** What Chatwoot's webhooks may be signed with: the inbox's secret, and those of account webhooks. */
  chatwootSecrets: readonly string[]
  /** Last segments of the webhook URL, for older releases of Chatwoot. */
  chatwootUrlTokens: readonly string[]
}

type CredentialName = keyof CredentialValues

/** Called with the names of what has changed, after it has. */
type OnCredentials = (changed: ReadonlySet<CredentialName>) => void

/** The current credentials of an account. They change while the bridge runs. */
export type Credentials = {
  now(): Readonly<CredentialValues>
  /** What a webhook may prove itself with: the current ones, and for ten minutes those before. */
  accepted(name: 'wasenderSecrets' | 'chatwootSecrets' | 'chatwootUrlTokens'): readonly string[]
  /** Takes over what is known anew; the rest stays. False when nothing of it is new. */
  learn(news: Partial<CredentialValues>): boolean
  onChange(listener: OnCredentials): void
}

export function createCredentials(options: {
  initial: CredentialValues
  clock: Clock
}): Credentials {
  const { clock } = options
  const listeners: OnCredentials[] = []
  let values = trimmed(options.initial)
  const secrets = {
    wasenderSecrets: acceptedSecrets({ initial: values.wasenderSecrets, clock }),
    chatwootSecrets: acceptedSecrets({ initial: values.chatwootSecrets, clock }),
    chatwootUrlTokens: acceptedSecrets({ initial: values.chatwootUrlTokens, clock }),
  }

  return {
    now: () => values,
    accepted: (name) => secrets[name].all(),
    learn(news) {
      const next = trimmed({ ...values, ...news })
      const changed = new Set(namesOf(next).filter((name) => !isSame(next[name], values[name])))
      if (changed.size === 0) return false
      values = next
      secrets.wasenderSecrets.replace(next.wasenderSecrets)
      secrets.chatwootSecrets.replace(next.chatwootSecrets)
      secrets.chatwootUrlTokens.replace(next.chatwootUrlTokens)
      for (const listener of listeners) listener(changed)
      return true
    },
    onChange: (listener) => void listeners.push(listener),
  }
}

/** Two spellings of one key are no change. */
function trimmed(values: CredentialValues): CredentialValues {
  return { ...values, apiKey: values.apiKey.trim() }
}

function namesOf(values: CredentialValues): CredentialName[] {
  return Object.keys(values) as CredentialName[]
}

function isSame(a: CredentialValues[CredentialName], b: CredentialValues[CredentialName]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Webhooks that were under way when a secret was changed, and those a platform still repeats. */
const GRACE_MS = 10 * 60_000

/** The secrets that are accepted at a time: the current ones, and for a while those they replaced. */
function acceptedSecrets(options: { initial: readonly string[]; clock: Clock }) {
  const { clock } = options
  let current = options.initial
  let former: { secret: string; until: number }[] = []

  const isGood = ({ until }: { until: number }) => clock.now() < until
  return {
    all: (): readonly string[] => [
      ...current,
      ...former.filter(isGood).map(({ secret }) => secret),
    ],
    replace(next: readonly string[]): void {
      const until = clock.now() + GRACE_MS
      const gone = current.filter((secret) => !next.includes(secret))
      const still = former.filter((each) => isGood(each) && !next.includes(each.secret))
      former = [...still, ...gone.map((secret) => ({ secret, until }))]
      current = next
    },
  }
}

/** The credentials as the configuration has them. */
function configuredCredentials({ wasender, chatwoot }: AccountConfig): CredentialValues {
  return {
    apiKey: wasender.apiKey.trim(),
    personalAccessToken: wasender.personalAccessToken,
    wasenderSecrets: [wasender.webhookSecret],
    chatwootToken: chatwoot.apiAccessToken,
    chatwootSecrets: given(chatwoot.webhookSecret),
    chatwootUrlTokens: given(chatwoot.webhookToken),
  }
}

function given(secret: string | undefined): string[] {
  return secret === undefined ? [] : [secret]
}

/**
 * What another configuration of the account changes. A credential that it leaves as it was stays what the
 * platforms have told meanwhile.
 */
function changedCredentials(
  before: AccountConfig,
  after: AccountConfig,
): Partial<CredentialValues> {
  const [was, is] = [configuredCredentials(before), configuredCredentials(after)]
  const changed = Object.entries(is).filter(([name, value]) => {
    return JSON.stringify(value) !== JSON.stringify(was[name as keyof CredentialValues])
  })
  return Object.fromEntries(changed)
}

/** Where the configuration has each of them, below its account. */
export const CREDENTIAL_SETTINGS = {
  apiKey: 'wasender.apiKey',
  personalAccessToken: 'wasender.personalAccessToken',
  wasenderSecrets: 'wasender.webhookSecret',
  chatwootToken: 'chatwoot.apiAccessToken',
  chatwootSecrets: 'chatwoot.webhookSecret',
  chatwootUrlTokens: 'chatwoot.webhookToken',
} as const satisfies Record<keyof CredentialValues, string>
