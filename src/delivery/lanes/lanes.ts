import type { Redis } from 'ioredis'
import { type Clock, systemClock } from '../../clock.ts'
import type { AccountId, ConversationId } from '../../ids.ts'
import { createLaneScripts } from './lane-scripts.ts'
import { entryBody, readEntry } from './stored-entry.ts'
import { turnMarkKeys } from './turn-marks.ts'

/**
 * `in`: WhatsApp messages on their way to Chatwoot. `out`: agents' messages on their way to WhatsApp.
 * `status`: receipts of what was sent; apart from `in`, so that a customer's message that is being retried
 * never holds up a tick.
 */
export type Direction = 'in' | 'out' | 'status'

/** One queue of strict order: everything of one chat in one direction of one account. */
export type Lane = {
  direction: Direction
  account: AccountId
  /** What keeps the order together, usually the chat id. */
  key: string
}

/** Something waiting in a lane. */
export type Entry<Event = unknown> = {
  /** `{sequence}.{receivedAt}`, with the arrival before the sequence if that breaks ties: unique, sorts so. */
  id: string
  /** Milliseconds since 1970. */
  receivedAt: number
  event: Event
  /** Failed attempts so far. */
  attempts: number
  /** Of these, how many were due to a file that could not be had or handed on. */
  fileFailures?: number
  /** And how many while other messages got across (`retry.ts`). */
  refusals?: number
  /** When the last one failed, ms since 1970. */
  failedAt?: number
  /** Of something from WhatsApp: the conversation that the last attempt wrote into, or tried to. */
  triedIn?: ConversationId
  /** How often Chatwoot was asked in vain for earlier messages. */
  looks?: number
  /** Not before this moment, ms since 1970: a retry, a sign that may still come. */
  notBefore?: number
  /** When `notBefore` was written, ms since 1970. */
  putOffAt?: number
  /**
   * How long it is retried counts from here, ms since 1970: an admin had it tried anew, or it came while the clock was ahead.
   */
  renewedAt?: number
}

export type NewEntry<Event = unknown> = {
  lane: Lane
  /** Smaller goes first among the entries of a lane; equal ones go by arrival. */
  order: number
  receivedAt: number
  event: Event
  /** How long to wait, from `receivedAt` on, for an earlier one that may have been overtaken on its way. */
  settleMs?: number
  /** Has the lane looked at now, even while its head waits for a retry. */
  urgent?: boolean
}

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
  remove(lane: Lane, id: string): Promise<void>
  size(lane: Lane): Promise<number>
  /**
   * Some of the lanes that hold something. Begins with the cursor `0` and is through when it answers with that again; what
   * holds something all the while is in one of the pages, maybe in several.
   */
  page(direction: Direction, account: AccountId, cursor: string): Promise<LanePage>
  waiting(accounts: AccountId[]): Promise<Waiting[]>
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']

/** One string for a lane: the deduplication id of its job and part of its Redis keys. */
export function laneName(lane: Lane): string {
  return `${lane.direction}:${lane.account}:${lane.key}`
}

/** The inverse of {@link laneName}; account ids hold no colon. */
export function laneOf(name: string): Lane {
  const [direction = '', account = '', ...rest] = name.split(':')
  return {
    direction: direction as Direction,
    account: account as AccountId,
    key: rest.join(':'),
  }
}

function laneIndexKey(prefix: string, lane: Pick<Lane, 'direction' | 'account'>): string {
  return `${prefix}lanes:${lane.direction}:${lane.account}`
}

/** What a lane is made of in Redis: order, entries, index and waiting, as the scripts take them. */
export function laneRedisKeys(prefix: string, lane: Lane): [string, string, string, string] {
  return [
    `${prefix}lane:${laneName(lane)}:order`,
    `${prefix}lane:${laneName(lane)}:entries`,
    laneIndexKey(prefix, lane),
    `${prefix}waiting`,
  ]
}

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
  const turnKeys = turnMarkKeys(prefix)
  const scripts = createLaneScripts(redis)

  const indexKey = (lane: Pick<Lane, 'direction' | 'account'>) => laneIndexKey(prefix, lane)
  const keys = (lane: Lane) => laneRedisKeys(prefix, lane)

  async function remove(lane: Lane, id: string): Promise<void> {
    const counter = `${lane.direction}:${lane.account}`
    await scripts.remove([...keys(lane), ...turnKeys], [laneName(lane), counter, id])
  }

  return {
    async append(entries) {
      if (entries.length === 0) return
      await scripts.append(
        [
          `${prefix}sequence`,
          `${prefix}waiting`,
          ...entries.flatMap(({ lane }) => keys(lane).slice(0, 3)),
        ],
        entries.flatMap(({ lane, order, receivedAt, event, settleMs }) => {
          const wait = settleMs === undefined ? {} : { notBefore: receivedAt + settleMs }
          return [
            laneName(lane),
            `${lane.direction}:${lane.account}`,
            order,
            receivedAt,
            entryBody({ id: '', receivedAt, event, attempts: 0, ...wait }),
            tiesBy === 'arrival' ? String(receivedAt).padStart(15, '0') : '',
          ]
        }),
      )
    },

    async head(lane) {
      const found = await scripts.head(keys(lane).slice(0, 2))
      if (found === null) return undefined
      const stored = readEntry(found[0], found[1] ?? '')
      return stored.is === 'entry' ? stored.entry : undefined
    },

    entries: (lane) => readEntries(redis, keys(lane)),

    async save(lane, entry) {
      await scripts.save(
        [...keys(lane).slice(1, 2), ...turnKeys],
        [entry.id, entryBody(entry), laneName(lane)],
      )
    },

    remove,

    size: (lane) => redis.zcard(keys(lane)[0] as string),

    page: (direction, account, from) =>
      readPage(redis, indexKey({ direction, account }), from, clock.now()),

    async waiting(accounts) {
      const counts = await redis.hgetall(`${prefix}waiting`)
      const rows = accounts.flatMap((account) =>
        DIRECTIONS.map(async (direction) => {
          const [, oldest] = (
            await redis.zrange(indexKey({ direction, account }), 0, '0', 'WITHSCORES')
          ).flat()
          return {
            account,
            direction,
            count: Number(counts[`${direction}:${account}`] ?? 0),
            oldest: Number(oldest ?? 0),
          }
        }),
      )
      return Promise.all(rows)
    },
  }
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
