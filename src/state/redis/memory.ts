import type { Redis } from 'ioredis'
import { z } from 'zod'
import { parseJson } from '../../kernel/text.ts'
import { damagedKey, keepDamaged, type OnSetAside } from '../set-aside/set-aside.ts'
import { type KeyParts, type RedisKey, redisKey } from './keys.ts'

/** A Redis, and the prefix of the bridge's keys there. */
export type RedisState = {
  redis: Redis
  prefix: string
  /** Told about what could not be read. */
  onSetAside?: OnSetAside | undefined
}

/** A kind of small thing that is remembered in Redis under a key of its own. `memories.ts` has them all. */
export type MemoryKind<Key extends RedisKey, Value> = {
  key: Key
  /** What it is about, in words for an admin. */
  about: string
  /** `as told`: whoever writes it says for how long. */
  keepForMs: number | 'as told' | 'for ever'
  /**
   * How what is remembered of a person is found when they are to be forgotten. `key`: their address is in the key. `value`: it
   * may be in the value. `message`: the key ends with the id of a message of theirs. `nowhere`: nothing leads to them.
   */
  personIn: 'key' | 'value' | 'message' | 'nowhere'
  value: MemoryValue<Value>
}

/** How a value is written. */
type MemoryValue<Value> = {
  write(value: Value): string
  read(text: string): { is: 'value'; value: Value } | { is: 'newer' } | { is: 'damaged' }
}

export const textValue: MemoryValue<string> = {
  write: (value) => value,
  read: (value) => ({ is: 'value', value }),
}

export const numberValue: MemoryValue<number> = {
  write: String,
  read(text) {
    const { success, data } = z.coerce.number().safeParse(text)
    return success ? { is: 'value', value: data } : { is: 'damaged' }
  },
}

const versioned = z.looseObject({ v: z.number() })

/**
 * JSON with a version, which goes up when an older release must not read it. The first releases wrote none. What else
 * stands in it is kept, since another release may have written it.
 */
export function jsonValue<Value extends object>(
  version: number,
  schema: z.ZodType,
): MemoryValue<Value> {
  return {
    write: (value) => JSON.stringify({ v: version, ...value }),
    read(text) {
      const json = parseJson(text)
      const written = versioned.safeParse(json)
      if (written.success && written.data.v > version) return { is: 'newer' }
      if (!schema.safeParse(json).success) return { is: 'damaged' }
      const { v: _v, ...value } = json as { v?: number }
      return { is: 'value', value: value as Value }
    },
  }
}

/** One small thing that is remembered. `keepForMs` only where its kind does not say it. */
export type Memory<Value> = {
  /** `undefined` when nothing is there, or nothing that can be read. */
  get(): Promise<Value | undefined>
  set(value: Value, keepForMs?: number): Promise<void>
  /** Only when nothing is there. Whether it was written. */
  add(value: Value, keepForMs?: number): Promise<boolean>
  exists(): Promise<boolean>
  /** Whether something was there. */
  remove(): Promise<boolean>
  /** For how many ms it is still kept; negative when it is not there, or for ever. */
  leftMs(): Promise<number>
}

/** All of a kind, by what stands in their keys. */
export type Memories<Key extends RedisKey, Value> = (...parts: KeyParts<Key>) => Memory<Value>

/**
 * Reads and writes the memories of a kind. `shape`: what more a value has to be, where only the caller knows;
 * and does not change it.
 */
export function createMemory<Key extends RedisKey, Value>(
  state: RedisState,
  kind: MemoryKind<Key, Value>,
  shape?: z.ZodType,
): Memories<Key, Value> {
  const { redis, prefix } = state
  const read = createReadMemory(state, kind, shape)

  return (...parts) => {
    const key = redisKey(prefix, kind.key, ...parts)
    const remove = async () => (await redis.del(key)) > 0
    return {
      async get() {
        const text = await redis.get(key)
        return text === null ? undefined : read({ key, text, remove })
      },
      async set(value, keepForMs) {
        const ms = lifetime(kind, keepForMs)
        const text = kind.value.write(value)
        await (ms === undefined ? redis.set(key, text) : redis.set(key, text, 'PX', ms))
      },
      async add(value, keepForMs) {
        const ms = lifetime(kind, keepForMs)
        const text = kind.value.write(value)
        const added =
          ms === undefined
            ? await redis.set(key, text, 'NX')
            : await redis.set(key, text, 'PX', ms, 'NX')
        return added !== null
      },
      exists: async () => (await redis.exists(key)) > 0,
      remove,
      leftMs: () => redis.pttl(key),
    }
  }
}

function lifetime(
  { keepForMs }: Pick<MemoryKind<RedisKey, unknown>, 'keepForMs'>,
  told: number | undefined,
): number | undefined {
  if (keepForMs === 'for ever') return undefined
  return Math.max(1, Math.ceil(keepForMs === 'as told' ? (told ?? 1) : keepForMs))
}

/** Where something that is remembered stands, and how to take it away. */
type Kept = { key: string; text: string; remove: () => Promise<unknown> }

/**
 * Reads what is written of a kind. What is damaged is set aside, and what a newer release wrote is left to it: either is as
 * good as never remembered.
 */
export function createReadMemory<Value>(
  { redis, prefix, onSetAside }: RedisState,
  { about, value }: Pick<MemoryKind<RedisKey, Value>, 'about' | 'value'>,
  shape: z.ZodType = z.unknown(),
): (kept: Kept) => Promise<Value | undefined> {
  return async ({ key, text, remove }) => {
    const found = value.read(text)
    if (found.is === 'newer') return undefined
    if (found.is === 'value' && shape.safeParse(found.value).success) return found.value
    await keepDamaged(redis, damagedKey(prefix, 'memory'), { where: key, id: '', text })
    await remove()
    // The key may name a person.
    onSetAside?.({ what: 'memory', where: about, count: 1 })
    return undefined
  }
}
