import type { AccountConfig } from '../config/schema.ts'
import type { CredentialValues } from './credentials.ts'

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
