import { awayReason } from '../redis/away.ts'
import type { Store } from './types.ts'

/**
 * A store for the start of the bridge, whose Redis may be away: what is remembered of an account counts as nothing then,
 * and is found out again. So webhooks can be checked and taken in before anything else is known.
 */
export function unlessAway(store: Store, onError: (error: unknown) => void): Store {
  return {
    ...store,
    accounts: {
      ...store.accounts,
      async update(id, change) {
        try {
          return await store.accounts.update(id, change)
        } catch (error) {
          if (awayReason(error) === undefined) throw error
          onError(error)
          return undefined
        }
      },
    },
  }
}
