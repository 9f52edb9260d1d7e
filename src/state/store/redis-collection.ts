import type { Redis } from 'ioredis'
import { z } from 'zod'
import { createKeyedQueue } from '../../kernel/async.ts'
import { systemCode } from '../../kernel/durable-file.ts'
import { BridgeError, TransientError } from '../../kernel/errors.ts'
import { parseJson } from '../../kernel/text.ts'
import { redisKey } from '../redis/keys.ts'
import { luaScript, runScript } from '../redis/script.ts'
import type { Indexes } from './keys.ts'
import type { Collection } from './types.ts'

type RedisCollectionOptions<T> = {
  redis: Redis
  /** In front of every key of the store. */
  prefix: string
  name: string
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
  const { redis, prefix, name, indexes } = options
  const records = redisKey(prefix, 'storeRecords', name)
  const setPrefix = redisKey(prefix, 'storeIndexes', name)
  const keys = [
    records,
    redisKey(prefix, 'storeAges', name),
    redisKey(prefix, 'storeSequence', name),
  ]
  // Updates of one id in this process queue up here, so that only other processes can get in between.
  const keyedQueue = createKeyedQueue()

  /** `undefined` when done, else the record that was there instead of the expected one. */
  async function write(id: string, value: T | null, expected: Expected) {
    const args = [id, ...writeArgs(options, value, expected), setPrefix]
    const [, found] = await ask(() => runScript(redis, WRITE, keys, args))
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
    update: (id, change) => keyedQueue(id, () => update(id, change)),
    delete: async (id, when) => {
      if (when === undefined) await write(id, null, { mode: 'any' })
      else await keyedQueue(id, () => deleteWhen(id, when))
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

/** What the script takes between the id and the prefix. */
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

/** The value in a record; `undefined` when it is none. */
function recordValue(record: string): unknown {
  return parseJson(record.slice(record.lastIndexOf('\n') + 1))
}

/** Names of the index sets a value belongs in, without their prefix. Index names have no colon. */
function indexSets<T>(indexes: Indexes<T, string>, value: T): string[] {
  return Object.entries(indexes).flatMap(([index, keyOf]) => {
    const key = keyOf(value)
    return key === undefined ? [] : [indexSet(index, key)]
  })
}

function indexSet(index: string, key: string): string {
  return `${index}:${key}`
}

/**
 * The error for a command that Redis did not carry out. The original is left out on purpose: ioredis puts
 * the command's arguments on it, which are customer data.
 */
function redisFailed(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error
  const reply = replyCode(error)
  return new TransientError(`The store's Redis did not answer as it should: ${reply}.`, {
    code: 'store.redis_failed',
    context: { reply },
  })
}

/** `OOM`, `READONLY`, `ECONNREFUSED`: the first word of a Redis error, else the system's code or the class. */
function replyCode(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  const word = /^[A-Z][A-Z_]+(?= )/.exec(error.message)?.[0]
  if (word !== undefined) return word
  const code = systemCode(error)
  return code === 'UNKNOWN' ? error.name : code
}

/**
 * Sets or deletes one value together with its index entries, in one step. A record is three lines: its
 * sequence number, a JSON list of the index sets it is in, and the value's JSON. The value is never decoded
 * in Lua, which would spoil large numbers and empty lists.
 *
 * KEYS: records (hash), ages (sorted set), sequence (counter).
 * ARGV: 1 id; 2 `any` or `same`; 3 with `same`: the record that must be there, empty for none; 4 the value's
 * JSON, empty to delete; 5 JSON list of its index sets; 6 now in ms; 7 entries older than this go (ms, -1 for
 * none); 8 prefix of the index sets.
 * Answer: `{1}` when done, `{0, record}` when `same` did not hold (an empty record for none).
 */
const WRITE = luaScript(
  `
local records, ages, sequence = KEYS[1], KEYS[2], KEYS[3]
local id, mode, expected, value = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local sets, now, cutoff, prefix = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]

local function parse(record)
  return string.match(record, '^(%d+)\\n([^\\n]*)\\n')
end

local function remove(gone)
  local record = redis.call('HGET', records, gone)
  if not record then return end
  local _, old = parse(record)
  -- A damaged record does not tell which sets it is in; readers find out.
  local told, list = pcall(cjson.decode, old or '')
  for _, set in ipairs(told and list or {}) do redis.call('ZREM', prefix .. set, gone) end
  redis.call('HDEL', records, gone)
  redis.call('ZREM', ages, gone)
end

if cutoff >= 0 then
  local oldest = redis.call('ZRANGEBYSCORE', ages, '-inf', '(' .. ARGV[7], 'LIMIT', 0, 2)
  for _, gone in ipairs(oldest) do remove(gone) end
end

local current = redis.call('HGET', records, id) or ''
if mode == 'same' and current ~= expected then return {0, current} end

local seq = current ~= '' and parse(current) or nil
remove(id)
if value ~= '' then
  seq = seq or string.format('%.0f', redis.call('INCR', sequence))
  redis.call('HSET', records, id, seq .. '\\n' .. sets .. '\\n' .. value)
  if cutoff >= 0 then redis.call('ZADD', ages, now, id) end
  for _, set in ipairs(cjson.decode(sets)) do redis.call('ZADD', prefix .. set, seq, id) end
end
return {1}
`,
  z.union([z.tuple([z.literal(1)]), z.tuple([z.literal(0), z.string()])]),
)
