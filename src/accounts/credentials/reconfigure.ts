import { isDeepStrictEqual } from 'node:util'
import type { AccountConfig, BridgeConfig } from '../../config/schema.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Account } from '../account.ts'
import { CREDENTIAL_SETTINGS } from './account-credentials.ts'

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

/** Says which credentials the bridge goes on with, by their settings' names. */
export function logCredentials({ id, credentials }: Account, log: Logger): void {
  credentials.onChange((changed) => {
    const settings = [...changed].map((name) => CREDENTIAL_SETTINGS[name])
    log.warn(
      { account: id, settings },
      'Changed credentials were taken over; the configuration should have the same',
    )
  })
}

/**
 * Names of the settings in which two configurations differ, e.g. `server.port` and `accounts[sales].options.pace`;
 * never their values.
 */
export function changedSettings(before: BridgeConfig, after: BridgeConfig): string[] {
  return differences('', byName(before), byName(after))
}

/** Accounts by id, since their place in the list says nothing. */
function byName({ accounts, ...rest }: BridgeConfig): Record<string, unknown> {
  const named = accounts.map((account) => [`accounts[${account.id}]`, account])
  return { ...rest, ...Object.fromEntries(named) }
}

function differences(path: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return []
  if (!isGroup(before) || !isGroup(after)) return [path]
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) =>
    differences(path === '' ? key : `${path}.${key}`, before[key], after[key]),
  )
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
