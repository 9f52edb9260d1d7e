import { createHash } from 'node:crypto'
import type { AccountState } from '../store/types.ts'
import type { SessionMemory } from '../wasender/managed-session.ts'

/** A session's id and the fingerprint of the configured API key that led to it. */
export type RememberedSession = NonNullable<AccountState['session']>

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
