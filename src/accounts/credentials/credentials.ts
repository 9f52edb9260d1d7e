import type { AccountConfig } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'

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
export function configuredCredentials({ wasender, chatwoot }: AccountConfig): CredentialValues {
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
export function changedCredentials(
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
