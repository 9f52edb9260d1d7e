import { BridgeError } from '../../kernel/errors.ts'
import { awayReason } from '../redis/away.ts'
import type { Collection, Store } from './types.ts'

/**
 * A store for finding the lane of a webhook. What is learned by that is no reason to refuse the webhook when the disk is
 * full: it stays in memory, where it is found, and is written with whatever is written next.
 */
export function unlessFull(store: Store): Store {
  return { ...store, aliases: lenient(store.aliases), chats: lenient(store.chats) }
}

function lenient<T>(collection: Collection<T>): Collection<T> {
  return {
    ...collection,
    put: (id, value) => collection.put(id, value).catch(ignoreFull),
    async update(id, change) {
      try {
        return await collection.update(id, change)
      } catch (error) {
        ignoreFull(error)
        return collection.get(id)
      }
    },
  }
}

function ignoreFull(error: unknown): void {
  if (!(error instanceof BridgeError) || error.code !== 'store.write_failed') throw error
}

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
