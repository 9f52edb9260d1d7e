import type { Redis } from 'ioredis'
import { createWatch, type Watch } from '../../kernel/async.ts'
import { systemClock } from '../../kernel/clock.ts'
import { damagedKey, keepDamaged, type OnSetAside } from '../set-aside/set-aside.ts'
import { noteForgotten } from './forgotten.ts'
import { chatIndexes, type Indexes, LINK_AGE_MS, linkIndexes } from './keys.ts'
import { createRedisCollection } from './redis-collection.ts'
import { isValueOf } from './shapes.ts'
import type { AccountState, Alias, Chat, Collection, Collections, Link, Store } from './types.ts'

export type RedisStoreOptions = {
  /** A connection of the caller's, who also closes it. One server, not a cluster. */
  redis: Redis
  /** In front of every key of the store, e.g. `bridge:store:`. */
  prefix: string
  /** Told about what could not be read and was set aside. */
  onSetAside?: OnSetAside
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
  const { now = systemClock.now } = options
  const watch = createWatch()

  function collection<T>(
    name: keyof Collections,
    indexes: Indexes<T, string>,
    maxAgeMs?: number,
  ): Collection<T> {
    const plain = createRedisCollection({
      redis: options.redis,
      prefix: options.prefix,
      name,
      indexes,
      now,
      isValue: isValueOf(name),
      setAside: async (damaged) => {
        await keepDamaged(options.redis, damagedKey(options.prefix, 'store'), damaged)
        if (name === 'links') await noteForgotten(accounts, now())
        options.onSetAside?.({ what: 'store', where: damaged.where, count: 1 })
      },
      ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    })
    return watched(plain, watch)
  }

  const accounts = collection<AccountState>('accounts', {})
  return {
    links: collection<Link>('links', linkIndexes, options.limits?.linkAgeMs ?? LINK_AGE_MS),
    chats: collection<Chat>('chats', chatIndexes),
    aliases: collection<Alias>('aliases', {}),
    accounts,
    flush: watch.idle,
    close: watch.idle,
  }
}

/** The same collection, every call of which goes through `watch`. */
function watched<T>(collection: Collection<T>, { run }: Watch): Collection<T> {
  return {
    get: (id) => run(() => collection.get(id)),
    put: (id, value) => run(() => collection.put(id, value)),
    update: (id, change) => run(() => collection.update(id, change)),
    delete: (id, when) => run(() => collection.delete(id, when)),
    findBy: (index, key) => run(() => collection.findBy(index, key)),
    count: () => run(() => collection.count()),
    all: () => collection.all(),
    erase: (ids) => run(() => collection.erase(ids)),
  }
}
