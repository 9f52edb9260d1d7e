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
  /** Whether a value may stand in this collection. */
  isValue: (value: unknown) => boolean
  /** Of a record that is not as it was written. Its id is free when it resolves. */
  setAside: (damaged: { where: string; id: string; text: string }) => Promise<void>
}

/** About as many values are read at once. */
const PAGE = 500

/** The value of a record, empty for none; a damaged one is set aside. */
type ValueIn<T> = (id: string, record: string) => Promise<T | undefined>

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
    const args = [id, ...writeArgs(options, value, expected), setPrefix]
    const [, found] = await ask(() => script(keys, args))
    return found
  }

  const read = async (id: string): Promise<string> =>
    (await ask(() => redis.hget(records, id))) ?? ''

  const valueIn: ValueIn<T> = async (id, record) => {
    if (record === '') return undefined
    const value = recordValue(record)
    if (options.isValue(value)) return value as T
    await ask(() => options.setAside({ where: records, id, text: record }))
    await write(id, null, { mode: 'any' })
    return undefined
  }

  async function readValue(id: string): Promise<{ record: string; current: T | undefined }> {
    const record = await read(id)
    const current = await valueIn(id, record)
    // A damaged one is gone.
    return { record: current === undefined ? '' : record, current }
  }

  async function update(id: string, change: (current: T | undefined) => T | undefined) {
    for (;;) {
      const { record, current } = await readValue(id)
      const next = change(current)
      if (next === undefined) return current
      if ((await write(id, next, { mode: 'same', record })) === undefined) return next
    }
  }

  async function deleteWhen(id: string, when: (current: T) => boolean): Promise<void> {
    for (;;) {
      const { record, current } = await readValue(id)
      if (current === undefined || !when(current)) return
      if ((await write(id, null, { mode: 'same', record })) === undefined) return
    }
  }

  return {
    get: async (id) => (await readValue(id)).current,
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
      const found = ids.length === 0 ? [] : await ask(() => redis.hmget(records, ...ids))
      const values = await Promise.all(ids.map((id, nth) => valueIn(id, found[nth] ?? '')))
      // Another process may have changed a value between the two commands.
      const isFound = (value: T) => indexSets(indexes, value).includes(set)
      return values.flatMap((value) => (value !== undefined && isFound(value) ? [value] : []))
    },
    count: () => ask(() => redis.hlen(records)),
    all: () => allRecords(redis, records, valueIn),
    // One version of a value is all there is.
    async erase(ids) {
      for (const id of ids) await write(id, null, { mode: 'any' })
    },
  }
}

/** What `write-script.ts` takes between the id and the prefix. */
function writeArgs<T>(
  { indexes, maxAgeMs, now }: RedisCollectionOptions<T>,
  value: T | null,
  expected: Expected,
) {
  return [
    expected.mode,
    expected.mode === 'same' ? expected.record : '',
    value === null ? '' : JSON.stringify(value),
    value === null ? '[]' : JSON.stringify(indexSets(indexes, value)),
    now(),
    maxAgeMs === undefined ? -1 : Math.max(0, now() - maxAgeMs),
  ]
}

async function* allRecords<T>(redis: Redis, records: string, valueIn: ValueIn<T>) {
  let cursor = '0'
  do {
    const [next, flat] = await ask(() => redis.hscan(records, cursor, 'COUNT', PAGE))
    for (const [index, id] of flat.entries()) {
      const value = index % 2 === 0 ? await valueIn(id, flat[index + 1] ?? '') : undefined
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
