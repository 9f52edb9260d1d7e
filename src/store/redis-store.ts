import type { Redis } from 'ioredis'
import { systemClock } from '../clock.ts'
import { chatIndexes, type Indexes, linkIndexes } from './keys.ts'
import { LINK_AGE_MS } from './limits.ts'
import { createRedisCollection } from './redis/collection.ts'
import { createWatch, watched } from './redis/watched.ts'
import type { AccountState, Alias, Chat, Collection, Link, Store } from './types.ts'

export type RedisStoreOptions = {
  /** A connection of the caller's, who also closes it. One server, not a cluster. */
  redis: Redis
  /** In front of every key, e.g. `bridge:store:`. */
  prefix: string
  /** Milliseconds since 1970. */
  now?: () => number
  limits?: {
    /** Milliseconds a link is kept after its last change, 180 days when absent. */
    linkAgeMs?: number
  }
}

/**
 * The store in Redis, for several bridge processes. As durable as that Redis is configured to be. Failures
 * are `TransientError`s; a write whose answer was lost may have happened, and repeating it does no harm.
 */
export function createRedisStore(options: RedisStoreOptions): Store {
  const watch = createWatch()

  function collection<T>(
    name: string,
    indexes: Indexes<T, string>,
    maxAgeMs?: number,
  ): Collection<T> {
    const plain = createRedisCollection({
      redis: options.redis,
      prefix: `${options.prefix}${name}:`,
      indexes,
      now: options.now ?? systemClock.now,
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    })
    return watched(plain, watch)
  }

  return {
    links: collection<Link>('links', linkIndexes, options.limits?.linkAgeMs ?? LINK_AGE_MS),
    chats: collection<Chat>('chats', chatIndexes),
    aliases: collection<Alias>('aliases', {}),
    accounts: collection<AccountState>('accounts', {}),
    flush: watch.idle,
    close: watch.idle,
  }
}
