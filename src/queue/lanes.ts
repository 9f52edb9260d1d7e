import type { Redis } from 'ioredis'
import { type Clock, systemClock } from '../kernel/clock.ts'
import type { AccountId } from '../kernel/ids.ts'
import { redisKey } from '../state/redis/keys.ts'
import { runScript } from '../state/redis/script.ts'
import {
  type Direction,
  type Entry,
  entryBody,
  type Lane,
  laneName,
  laneOf,
  type NewEntry,
  readEntry,
} from './entry.ts'
import { counterOf, LANE_SCRIPTS, laneKeys } from './lane-scripts.ts'

export type Waiting = { account: AccountId; direction: Direction; count: number; oldest: number }

export type LanePage = { lanes: Lane[]; cursor: string }

/** About as many lanes make a page. */
const PAGE = 100

/** The durable queues of the bridge, in Redis. */
export type Lanes = {
  /** Durable once resolved, all of them or none, in one round trip. */
  append(entries: NewEntry[]): Promise<void>
  /** The first entry, to look at; nothing when it cannot be read. */
  head(lane: Lane): Promise<Entry | undefined>
  /** All of a lane, the head first. */
  entries(lane: Lane): Promise<Entry[]>
  /** Keeps what an attempt taught (attempts, not before) with the entry. */
  save(lane: Lane, entry: Entry): Promise<void>
  /** Resolves with whether something is left in the lane. */
  remove(lane: Lane, id: string): Promise<boolean>
  size(lane: Lane): Promise<number>
  /**
   * Some of the lanes that hold something. Begins with the cursor `0` and is through when it answers with that again; what
   * holds something all the while is in one of the pages, maybe in several.
   */
  page(direction: Direction, account: AccountId, cursor: string): Promise<LanePage>
  waiting(accounts: AccountId[]): Promise<Waiting[]>
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']

export type LanesOptions = {
  redis: Redis
  prefix: string
  /**
   * What goes first among entries of equal order: what was appended first, or what the bridge got first. The latter when
   * several processes append, because one of them may have had an entry in its spool meanwhile.
   */
  tiesBy?: 'append' | 'arrival'
  clock?: Clock
}

/**
 * A lane is a sorted set of entry ids beside a hash of their bodies; an index per account and direction knows
 * which lanes hold something and since when, so that a sweep and the metrics never scan.
 */
export function createLanes(options: LanesOptions): Lanes {
  const { redis, prefix, tiesBy = 'append', clock = systemClock } = options
  const inHand = redisKey(prefix, 'inHand')

  const indexKey = (direction: Direction, account: AccountId) =>
    redisKey(prefix, 'laneIndex', direction, account)
  const keys = (lane: Lane) => laneKeys(prefix, lane)

  async function remove(lane: Lane, id: string): Promise<boolean> {
    const left = await runScript(
      redis,
      LANE_SCRIPTS.remove,
      [...keys(lane), inHand],
      [laneName(lane), counterOf(lane), id],
    )
    return left === 1
  }

  return {
    async append(entries) {
      if (entries.length === 0) return
      await runScript(
        redis,
        LANE_SCRIPTS.append,
        [
          redisKey(prefix, 'laneSequence'),
          redisKey(prefix, 'waiting'),
          ...entries.flatMap(({ lane }) => keys(lane).slice(0, 3)),
        ],
        entries.flatMap((entry) => appendArgs(entry, tiesBy)),
      )
    },

    async head(lane) {
      const found = await runScript(redis, LANE_SCRIPTS.head, keys(lane).slice(0, 2))
      if (found === null) return undefined
      const stored = readEntry(found[0], found[1] ?? '')
      return stored.is === 'entry' ? stored.entry : undefined
    },

    entries: (lane) => readEntries(redis, keys(lane)),

    async save(lane, entry) {
      await runScript(
        redis,
        LANE_SCRIPTS.save,
        [...keys(lane).slice(1, 2), inHand],
        [entry.id, entryBody(entry), laneName(lane)],
      )
    },

    remove,

    size: (lane) => redis.zcard(keys(lane)[0] as string),

    page: (direction, account, from) =>
      readPage(redis, indexKey(direction, account), from, clock.now()),

    async waiting(accounts) {
      const counts = await redis.hgetall(redisKey(prefix, 'waiting'))
      const rows = accounts.flatMap((account) =>
        DIRECTIONS.map(async (direction) => {
          const [, oldest] = (
            await redis.zrange(indexKey(direction, account), 0, '0', 'WITHSCORES')
          ).flat()
          return {
            account,
            direction,
            count: Number(counts[counterOf({ direction, account })] ?? 0),
            oldest: Number(oldest ?? 0),
          }
        }),
      )
      return Promise.all(rows)
    },
  }
}

/** What the script takes for each entry. */
function appendArgs(
  { lane, order, receivedAt, event, settleMs }: NewEntry,
  tiesBy: LanesOptions['tiesBy'],
) {
  const wait = settleMs === undefined ? {} : { notBefore: receivedAt + settleMs }
  return [
    laneName(lane),
    counterOf(lane),
    order,
    receivedAt,
    entryBody({ id: '', receivedAt, event, attempts: 0, ...wait }),
    tiesBy === 'arrival' ? String(receivedAt).padStart(15, '0') : '',
  ]
}

/** What came while the clock was ahead counts as come now, so that it is seen to grow old. */
async function readPage(redis: Redis, index: string, from: string, now: number): Promise<LanePage> {
  const [cursor, pairs] = await redis.zscan(index, from, 'COUNT', PAGE)
  const found = pairs.flatMap((name, nth) =>
    nth % 2 === 0 ? [{ name, oldest: Number(pairs[nth + 1]) }] : [],
  )
  for (const { name, oldest } of found) {
    if (oldest > now) await redis.zadd(index, 'XX', 'LT', now, name)
  }
  return { cursor, lanes: found.map(({ name }) => laneOf(name)) }
}

async function readEntries(redis: Redis, [order = '', bodies = '']: string[]): Promise<Entry[]> {
  const ids = await redis.zrange(order, 0, '-1')
  const found = ids.length === 0 ? [] : await redis.hmget(bodies, ...ids)
  return ids.flatMap((id, index) => {
    const stored = readEntry(id, found[index] ?? '')
    return stored.is === 'entry' ? [stored.entry] : []
  })
}
