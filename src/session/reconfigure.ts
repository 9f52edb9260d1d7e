import type { Account } from '../account.ts'
import { changedSettings } from '../config/changed-settings.ts'
import type { AccountConfig, BridgeConfig } from '../config/schema.ts'
import type { Logger } from '../log.ts'
import { CREDENTIAL_SETTINGS } from './configured-credentials.ts'

/** Takes over what a running bridge can of another configuration, and says what it cannot. */
export type Reconfigure = (config: BridgeConfig) => void

/** Credentials are taken over at once; anything else needs a restart. */
export function createReconfigure(deps: {
  /** That of the start. */
  config: BridgeConfig
  accounts: readonly Account[]
  log: Logger
}): Reconfigure {
  const { accounts, log } = deps
  return (next) => {
    for (const account of accounts) {
      const config = next.accounts.find(({ id }) => id === account.id)
      if (config !== undefined) account.configure(config)
    }
    const settings = changedSettings(withoutCredentials(deps.config), withoutCredentials(next))
    if (settings.length === 0) log.info('The configuration was read again')
    else log.warn({ settings }, 'The configuration was read again: these settings need a restart')
  }
}

type Sections = 'wasender' | 'chatwoot'

function withoutCredentials(config: BridgeConfig): BridgeConfig {
  return { ...config, accounts: config.accounts.map(stripped) }
}

function stripped(account: AccountConfig): AccountConfig {
  const rest = { ...account, wasender: { ...account.wasender }, chatwoot: { ...account.chatwoot } }
  for (const setting of Object.values(CREDENTIAL_SETTINGS)) {
    const [section, key] = setting.split('.') as [Sections, string]
    Reflect.deleteProperty(rest[section], key)
  }
  return rest
}
