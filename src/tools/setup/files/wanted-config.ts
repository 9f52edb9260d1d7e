import { DEFAULT_BASE_URL } from '../../../platforms/wasender/base-url.ts'
import type { FoundChatwoot } from '../chatwoot/find-chatwoot.ts'
import type { InboxSetup } from '../chatwoot/set-up-inbox.ts'
import type { WasenderSetup } from '../wasender/set-up-wasender.ts'
import type { Wanted } from './edit-config.ts'
import { ADMIN_TOKEN_VARIABLE, accountVariable, REDIS_URL_VARIABLE } from './variables.ts'

/** Everything a set-up has found out. */
export type Outcome = {
  account: string
  publicUrl: string
  adminToken: string
  redisUrl?: string | undefined
  chatwoot: Pick<FoundChatwoot, 'baseUrl' | 'token' | 'accountId'>
  /** Without a number when a dry run would have made it. */
  inbox: { id?: number | undefined } & Pick<InboxSetup, 'secret' | 'token'>
  wasender: Omit<WasenderSetup, 'status'>
}

type Maybe = Omit<Wanted, 'value'> & { value: Wanted['value'] | undefined }

const known = (values: readonly Maybe[]): Wanted[] =>
  values.flatMap((each) => (each.value === undefined ? [] : [{ ...each, value: each.value }]))

/** Keys of the whole configuration. */
export function wantedAtTop({ publicUrl, adminToken, redisUrl }: Outcome): Wanted[] {
  return known([
    { at: ['server', 'publicUrl'], value: publicUrl },
    { at: ['server', 'adminToken'], value: adminToken, variable: ADMIN_TOKEN_VARIABLE },
    { at: ['redis', 'url'], value: redisUrl, variable: REDIS_URL_VARIABLE },
  ])
}

/** Keys of the account, in the order a person would write them. */
export function wantedOfAccount({ account, chatwoot, inbox, wasender }: Outcome): Wanted[] {
  const secret = (name: Parameters<typeof accountVariable>[1]) => ({
    variable: accountVariable(account, name),
  })
  const baseUrl = wasender.baseUrl === DEFAULT_BASE_URL ? undefined : wasender.baseUrl
  return known([
    { at: ['wasender', 'baseUrl'], value: baseUrl },
    { at: ['wasender', 'apiKey'], value: wasender.apiKey, ...secret('apiKey') },
    {
      at: ['wasender', 'webhookSecret'],
      value: wasender.webhookSecret,
      ...secret('webhookSecret'),
    },
    {
      at: ['wasender', 'personalAccessToken'],
      value: wasender.personalAccessToken,
      ...secret('personalAccessToken'),
    },
    { at: ['wasender', 'sessionId'], value: wasender.sessionId },
    { at: ['chatwoot', 'baseUrl'], value: chatwoot.baseUrl },
    { at: ['chatwoot', 'accountId'], value: chatwoot.accountId },
    { at: ['chatwoot', 'inboxId'], value: inbox.id },
    { at: ['chatwoot', 'apiAccessToken'], value: chatwoot.token, ...secret('apiAccessToken') },
    { at: ['chatwoot', 'webhookSecret'], value: inbox.secret, ...secret('chatwootSecret') },
    { at: ['chatwoot', 'webhookToken'], value: inbox.token, ...secret('chatwootToken') },
  ])
}
