import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { systemCode } from '../store/file/durable-file.ts'
import { DAMAGED } from './damaged-file.ts'
import { damagedKey } from './damaged-keys.ts'
import { SET_ASIDE_KINDS } from './set-aside.ts'

/** Something that was set aside and is still there. */
export type KeptAside = {
  /** The file, or the key in Redis. */
  where: string
  /** Of a key in Redis: how many. */
  count?: number
}

/** Everything that was set aside and is still there; only the files while Redis is away. */
export type ListSetAside = (options: { isRedisAway: boolean }) => Promise<KeptAside[]>

export function createListSetAside(deps: {
  dataDir: string
  redis: Redis
  /** That of all the bridge's keys. */
  prefix: string
}): ListSetAside {
  const { dataDir, redis, prefix } = deps
  return async ({ isRedisAway }) => {
    const files = (await listDamagedFiles(dataDir)).map((where) => ({ where }))
    return isRedisAway ? files : [...files, ...(await listDamagedKeys(redis, prefix))]
  }
}

/** Files that were set aside in the folder of the bridge's data. */
export async function listDamagedFiles(dataDir: string): Promise<string[]> {
  const store = await filesIn(join(dataDir, 'store'))
  const folders = [join(dataDir, 'spool'), ...store.map((name) => join(dataDir, 'store', name))]
  const found = await Promise.all(folders.map(damagedIn))
  return found.flat().sort()
}

/** The same in Redis. */
async function listDamagedKeys(redis: Redis, prefix: string): Promise<KeptAside[]> {
  const keys = [
    ...SET_ASIDE_KINDS.map((what) => damagedKey(prefix, what)),
    // The store has keys of its own.
    damagedKey(`${prefix}store:`, 'store'),
  ]
  const counts = await Promise.all(keys.map((key) => redis.hlen(key)))
  return keys.flatMap((where, nth) => {
    const count = counts[nth] ?? 0
    return count === 0 ? [] : [{ where, count }]
  })
}

async function damagedIn(folder: string): Promise<string[]> {
  const names = await filesIn(folder)
  return names.filter((name) => name.endsWith(DAMAGED)).map((name) => join(folder, name))
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    // Not every folder is there with every kind of store, and a file beside them is none.
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return []
    throw error
  }
}
