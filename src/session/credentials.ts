import type { Clock } from '../clock.ts'
import { acceptedSecrets } from './accepted-secrets.ts'

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

export type CredentialName = keyof CredentialValues

/** Called with the names of what has changed, after it has. */
export type OnCredentials = (changed: ReadonlySet<CredentialName>) => void

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
