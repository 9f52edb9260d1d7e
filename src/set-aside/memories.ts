import type { Redis } from 'ioredis'
import { z } from 'zod'
import { parseJson } from '../parse-json.ts'
import { damagedKey, keepDamaged } from './damaged-keys.ts'
import type { OnSetAside } from './set-aside.ts'

/** Version of the small things that are kept in Redis for a while. The releases before wrote none. */
const VERSION = 1

const versioned = z.looseObject({ v: z.number() })

export type MemoryDeps = { redis: Redis; prefix: string; onSetAside?: OnSetAside | undefined }

/** Where a memory stands: its key, what stands there, and how to take it away. */
export type KeptMemory = { key: string; text: string; remove: () => Promise<unknown> }

/** What a memory says; `undefined` when it cannot be read, which is as good as never noted. */
export type ReadMemory = <T extends object>(
  kept: KeptMemory,
  schema: z.ZodType,
) => Promise<T | undefined>

export function memoryText(memory: object): string {
  return JSON.stringify({ v: VERSION, ...memory })
}

/** What is damaged is set aside, and what a newer release wrote is left to it. `what` is what it is about, in words. */
export function createReadMemory(deps: MemoryDeps, what: string): ReadMemory {
  const { redis, prefix, onSetAside } = deps
  return async <T extends object>({ key, text, remove }: KeptMemory, schema: z.ZodType) => {
    const json = parseJson(text)
    const version = versioned.safeParse(json)
    if (version.success && version.data.v > VERSION) return undefined
    if (schema.safeParse(json).success) return withoutVersion(json as T & { v?: number })
    await keepDamaged(redis, damagedKey(prefix, 'memory'), { where: key, id: '', text })
    await remove()
    // The key may name a person.
    onSetAside?.({ what: 'memory', where: what, count: 1 })
    return undefined
  }
}

function withoutVersion<T extends object>({ v: _v, ...memory }: T & { v?: number }): T {
  return memory as unknown as T
}
