import { isDeepStrictEqual } from 'node:util'
import type { BridgeConfig } from './schema.ts'

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
