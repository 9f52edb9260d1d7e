import { readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Redis } from 'ioredis'
import { syncFolder, systemCode, writeDurably } from '../../kernel/durable-file.ts'
import { checksum } from '../../kernel/text.ts'
import { redisKey } from '../redis/keys.ts'

/**
 * What kind of stored thing cannot be read: lines of the spool, records of the store, what waits in a lane, dead letters,
 * or one of the smaller things that are kept in Redis for a while.
 */
type SetAsideKind = 'spool' | 'store' | 'lane' | 'failure' | 'memory'

export const SET_ASIDE_KINDS: readonly SetAsideKind[] = [
  'spool',
  'store',
  'lane',
  'failure',
  'memory',
]

/**
 * Something stored that cannot be read. It was moved to where it stops nothing, and is kept there. Never says what stands
 * in it.
 */
export type SetAside = {
  what: SetAsideKind
  /** The file, or the key in Redis. */
  where: string
  /** The first damaged line of the file, counted from 1; absent when it is about all of the file, or no file. */
  line?: number
  /** How many lines or records. */
  count: number
}

export type OnSetAside = (news: SetAside) => void

/** Long enough for somebody to have a look. */
const KEEP_FOR_S = 30 * 24 * 3600

/** The hash that keeps what cannot be read of one kind, by key and id there. `prefix` is that of all the bridge's keys. */
export function damagedKey(prefix: string, what: SetAsideKind): string {
  return redisKey(prefix, 'damaged', what)
}

/** Durable once resolved; only then may it be removed from where it stood. Doing it twice changes nothing. */
export async function keepDamaged(
  redis: Redis,
  key: string,
  { where, id, text }: { where: string; id: string; text: string },
): Promise<void> {
  await redis.hset(key, `${where} ${id}`, text)
  await redis.expire(key, KEEP_FOR_S)
}

/** Ending of the files that keep what could not be read of another one. */
const DAMAGED = '.damaged'

/** Far more than the bridge ever writes into one file, and as much as there is memory for. */
export const MOST_BYTES = 512 * 1024 * 1024

/**
 * Keeps lines of a file beside it. The same lines go into the same file, so that doing it again after a crash changes
 * nothing, and others never replace them.
 */
export async function keepDamagedLines(path: string, lines: readonly Uint8Array[]): Promise<void> {
  const bytes = Buffer.concat(lines.flatMap((line) => [line, LF]))
  await writeDurably(`${path}.${checksum(bytes)}${DAMAGED}`, bytes)
}

/** Moves what has the name of a file, and cannot be read as one, out of the way. */
export async function moveAside(path: string): Promise<void> {
  await rename(path, `${path}.${Date.now().toString(36)}${DAMAGED}`)
  await syncFolder(dirname(path))
}

const LF = Buffer.from('\n')

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
    damagedKey(redisKey(prefix, 'store'), 'store'),
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
