import type { Redis } from 'ioredis'
import { createInTurn } from '../../in-turn.ts'
import { createScript } from '../../redis/script.ts'
import type { Indexes } from '../keys.ts'
import type { Collection } from '../types.ts'
import { indexSet, indexSets, recordValue, writeAnswerSchema } from './record.ts'
import { redisFailed } from './redis-failed.ts'
import { writeScript } from './write-script.ts'

export type RedisCollectionOptions<T> = {
  redis: Redis
  /** In front of every key, e.g. `bridge:links:`. */
  prefix: string
  indexes: Indexes<T, string>
  /** Values not changed for so many milliseconds go; never when absent. */
  maxAgeMs?: number
  now(): number
}

/** About as many values are read at once. */
const PAGE = 500

type Expected = { mode: 'any' } | { mode: 'same'; record: string }

/**
 * A collection in Redis: one hash for the values, one sorted set per secondary key. Every write takes up to
 * two entries that are too old along, so retention needs no timer and no long command.
 */
export function createRedisCollection<T>(options: RedisCollectionOptions<T>): Collection<T> {
  const { redis, prefix, indexes } = options
  const records = `${prefix}records`
  const setPrefix = `${prefix}by:`
  const keys = [records, `${prefix}ages`, `${prefix}sequence`]
  const script = createScript(redis, writeScript, writeAnswerSchema)
  // Updates of one id in this process queue up here, so that only other processes can get in between.
  const inTurn = createInTurn()

  /** `undefined` when done, else the record that was there instead of the expected one. */
  async function write(id: string, value: T | null, expected: Expected) {
    const now = options.now()
    const args = [
      id,
      expected.mode,
      expected.mode === 'same' ? expected.record : '',
      value === null ? '' : JSON.stringify(value),
      value === null ? '[]' : JSON.stringify(indexSets(indexes, value)),
      now,
      options.maxAgeMs === undefined ? -1 : Math.max(0, now - options.maxAgeMs),
      setPrefix,
    ]
    const [, found] = await ask(() => script(keys, args))
    return found
  }

  const read = async (id: string): Promise<string> =>
    (await ask(() => redis.hget(records, id))) ?? ''

  async function update(id: string, change: (current: T | undefined) => T | undefined) {
    let record = await read(id)
    for (;;) {
      const current = recordValue<T>(record)
      const next = change(current)
      if (next === undefined) return current
      const found = await write(id, next, { mode: 'same', record })
      if (found === undefined) return next
      record = found
    }
  }

  async function deleteWhen(id: string, when: (current: T) => boolean): Promise<void> {
    for (let record: string | undefined = await read(id); record !== undefined; ) {
      const current = recordValue<T>(record)
      if (current === undefined || !when(current)) return
      record = await write(id, null, { mode: 'same', record })
    }
  }

  return {
    get: async (id) => recordValue<T>(await read(id)),
    put: async (id, value) => {
      await write(id, value, { mode: 'any' })
    },
    update: (id, change) => inTurn(id, () => update(id, change)),
    delete: async (id, when) => {
      if (when === undefined) await write(id, null, { mode: 'any' })
      else await inTurn(id, () => deleteWhen(id, when))
    },
    findBy: async (index, key) => {
      const set = indexSet(index, key)
      const ids = await ask(() => redis.zrange(setPrefix + set, 0, '-1'))
      if (ids.length === 0) return []
      const found = await ask(() => redis.hmget(records, ...ids))
      // Another process may have changed a value between the two commands.
      return found
        .flatMap((record) => recordValue<T>(record ?? '') ?? [])
        .filter((value) => indexSets(indexes, value).includes(set))
    },
    count: () => ask(() => redis.hlen(records)),
    all: () => allRecords<T>(redis, records),
    // One version of a value is all there is.
    async erase(ids) {
      for (const id of ids) await write(id, null, { mode: 'any' })
    },
  }
}

async function* allRecords<T>(redis: Redis, records: string) {
  let cursor = '0'
  do {
    const [next, flat] = await ask(() => redis.hscan(records, cursor, 'COUNT', PAGE))
    for (const [index, id] of flat.entries()) {
      const value = index % 2 === 0 ? recordValue<T>(flat[index + 1] ?? '') : undefined
      if (value !== undefined) yield { id, value }
    }
    cursor = next
  } while (cursor !== '0')
}

async function ask<R>(command: () => Promise<R>): Promise<R> {
  try {
    return await command()
  } catch (error) {
    throw redisFailed(error)
  }
}
