import type { Redis } from 'ioredis'
import { z } from 'zod'
import { type Clock, systemClock } from '../kernel/clock.ts'
import type { AccountId } from '../kernel/ids.ts'
import { redisKey } from '../state/redis/keys.ts'
import { luaScript, runScript } from '../state/redis/script.ts'
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

export type Waiting = { account: AccountId; direction: Direction; count: number; oldest: number }

type LanePage = { lanes: Lane[]; cursor: string }

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

type LanesOptions = {
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
  { lane, order, receivedAt, event, delayMs }: NewEntry,
  tiesBy: LanesOptions['tiesBy'],
) {
  const wait = delayMs === undefined ? {} : { notBefore: receivedAt + delayMs }
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

/**
 * The Lua behind the lanes. Each script is one atomic step, so a crash leaves a lane as it was before or as it
 * is after, never between.
 *
 * What a lane is made of: order (zset id → order), entries (hash id → JSON), index (zset lane → arrival of
 * its oldest entry), waiting (hash direction:account → count).
 */
const REINDEX = `
local function reindex(order, index, lane, latest)
  local first = redis.call('ZRANGE', order, 0, 0)[1]
  if first then
    local arrival = tonumber(string.match(first, '%.(%d+)$'))
    redis.call('ZADD', index, math.min(arrival, latest or arrival), lane)
  else
    redis.call('ZREM', index, lane)
  end
  return first and 1 or 0
end

-- What is put first although it came last does not make the others younger.
local function keepOldest(order, index, lane)
  reindex(order, index, lane, tonumber(redis.call('ZSCORE', index, lane)))
end
`

/**
 * All entries or none: a key may hold something else, and Redis takes nothing back by itself.
 *
 * KEYS sequence, waiting, then for each entry order, entries, index. ARGV for each entry lane, counter, order, receivedAt,
 * body, what breaks ties before the padded sequence.
 */
const APPEND = `${REINDEX}
local ids = {}
local function append(n)
  local order, entries, index = KEYS[3 * n + 3], KEYS[3 * n + 4], KEYS[3 * n + 5]
  local lane, counter, place = ARGV[6 * n + 1], ARGV[6 * n + 2], ARGV[6 * n + 3]
  local receivedAt, body, tie = ARGV[6 * n + 4], ARGV[6 * n + 5], ARGV[6 * n + 6]
  local id = tie .. string.format('%016d', redis.call('INCR', KEYS[1])) .. '.' .. receivedAt
  ids[n] = id
  redis.call('ZADD', order, place, id)
  redis.call('HSET', entries, id, body)
  keepOldest(order, index, lane)
  redis.call('HINCRBY', KEYS[2], counter, 1)
end
local function takeBack(n, isCounted)
  local order, entries, index = KEYS[3 * n + 3], KEYS[3 * n + 4], KEYS[3 * n + 5]
  redis.pcall('ZREM', order, ids[n])
  redis.pcall('HDEL', entries, ids[n])
  if isCounted then redis.call('HINCRBY', KEYS[2], ARGV[6 * n + 2], -1) end
  pcall(reindex, order, index, ARGV[6 * n + 1])
end
for n = 0, #ARGV / 6 - 1 do
  local ok, problem = pcall(append, n)
  if not ok then
    if ids[n] then takeBack(n, false) end
    for earlier = n - 1, 0, -1 do takeBack(earlier, true) end
    return redis.error_reply(type(problem) == 'table' and problem.err or problem)
  end
end
return 1`

/** KEYS order, entries. The first id and its body, or nil. */
const HEAD = `
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not first then return false end
return { first, redis.call('HGET', KEYS[2], first) }`

/**
 * What is in hand is written down, so that it is known after the process has died. One hash: the lane → `run id`, and the
 * lane with `!` before it → `times alone beside id`: how often a process died with that entry in hand, whether it had nothing
 * else the last time, and whether it ever had. The end of a turn deletes both.
 */
const TURN = `
local function over(inHand, lane, id)
  local mark = redis.call('HGET', inHand, lane)
  if mark and string.match(mark, ' (.*)$') ~= id then return end
  redis.call('HDEL', inHand, lane, '!' .. lane)
end

local function deathsOf(told, id)
  local times, alone, beside, whose = string.match(told or '', '^(%d+) (%d) (%d) (.*)$')
  if whose ~= id then return 0, 0, 0 end
  return tonumber(times), tonumber(alone), tonumber(beside)
end

-- Notes what a process that has died had in hand.
local function bury(inHand, run)
  local marks, left = redis.call('HGETALL', inHand), {}
  for n = 1, #marks, 2 do
    local whose, id = string.match(marks[n + 1], '^(%S+) (.*)$')
    if whose == run and string.sub(marks[n], 1, 1) ~= '!' then left[#left + 1] = { marks[n], id } end
  end
  for _, mark in ipairs(left) do
    local times, _, beside = deathsOf(redis.call('HGET', inHand, '!' .. mark[1]), mark[2])
    local alone = #left == 1 and 1 or 0
    beside = math.max(beside, 1 - alone)
    local told = (times + 1) .. ' ' .. alone .. ' ' .. beside .. ' ' .. mark[2]
    if mark[1] ~= '' then redis.call('HSET', inHand, '!' .. mark[1], told) end
    redis.call('HDEL', inHand, mark[1])
  end
end
`

/**
 * KEYS order, entries, in hand; ARGV lane, run (empty for one that is about to end), prefix of what says that a run lives
 * (empty when there is no other), from how many deaths on an entry is not begun. The first id, its body, and its deaths: how
 * many, whether it was alone, and whether it ever was not.
 */
const BEGIN = `${TURN}
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not first then return false end
local lane, run, living = ARGV[1], ARGV[2], ARGV[3]
local mark, told = unpack(redis.call('HMGET', KEYS[3], lane, '!' .. lane))
local owner = mark and string.match(mark, '^%S+')
if owner and owner ~= run and (living == '' or redis.call('EXISTS', living .. owner) == 0) then
  bury(KEYS[3], owner)
  told = redis.call('HGET', KEYS[3], '!' .. lane)
end
local times, alone, beside = deathsOf(told, first)
-- Whoever begins alone has outlived nothing yet.
if times >= 2 and times < tonumber(ARGV[4]) then redis.call('HDEL', KEYS[3], '') end
if run ~= '' and times < tonumber(ARGV[4]) then redis.call('HSET', KEYS[3], lane, run .. ' ' .. first) end
return { first, redis.call('HGET', KEYS[2], first), times, alone, beside }`

/** KEYS in hand; ARGV lane, id. The turn came to an end that changes nothing of the entry. */
const LEAVE = `${TURN}
over(KEYS[1], ARGV[1], ARGV[2])
return 1`

/** KEYS in hand; ARGV run. It is about to end in good order, whatever becomes of what it has in hand. */
const LEAVE_ALL = `
local marks = redis.call('HGETALL', KEYS[1])
for n = 1, #marks, 2 do
  if string.match(marks[n + 1], '^%S+') == ARGV[1] then redis.call('HDEL', KEYS[1], marks[n]) end
end
return 1`

/**
 * KEYS entries, in hand; ARGV id, body, lane. Only an entry that is still there is saved: a removed one must not
 * come back.
 */
const SAVE = `${TURN}
over(KEYS[2], ARGV[3], ARGV[1])
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`

/** KEYS order, entries, index, waiting; ARGV lane, counter, order, id, body. What is there already stays as it is. */
const RESTORE = `${REINDEX}
if redis.call('HSETNX', KEYS[2], ARGV[4], ARGV[5]) == 0 then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[4])
redis.call('HINCRBY', KEYS[4], ARGV[2], 1)
keepOldest(KEYS[1], KEYS[3], ARGV[1])
return 1`

/** KEYS order, entries, index, waiting, in hand; ARGV lane, counter, id. Whether something is left in the lane. */
const REMOVE = `${REINDEX}${TURN}
over(KEYS[5], ARGV[1], ARGV[3])
if redis.call('ZREM', KEYS[1], ARGV[3]) == 1 then
  redis.call('HDEL', KEYS[2], ARGV[3])
  if redis.call('HINCRBY', KEYS[4], ARGV[2], -1) <= 0 then redis.call('HDEL', KEYS[4], ARGV[2]) end
end
return reindex(KEYS[1], KEYS[3], ARGV[1])`

export const LANE_SCRIPTS = {
  append: luaScript(APPEND, z.literal(1)),
  head: luaScript(HEAD, z.tuple([z.string(), z.string().nullable()]).nullable()),
  begin: luaScript(
    BEGIN,
    z.tuple([z.string(), z.string().nullable(), z.int(), z.int(), z.int()]).nullable(),
  ),
  leave: luaScript(LEAVE, z.int()),
  leaveAll: luaScript(LEAVE_ALL, z.int()),
  save: luaScript(SAVE, z.int()),
  restore: luaScript(RESTORE, z.int()),
  remove: luaScript(REMOVE, z.int()),
}

/** What a lane is made of in Redis: order, entries, index and waiting, as the scripts take them. */
export function laneKeys(prefix: string, lane: Lane): [string, string, string, string] {
  const name = laneName(lane)
  return [
    redisKey(prefix, 'laneOrder', name),
    redisKey(prefix, 'laneEntries', name),
    redisKey(prefix, 'laneIndex', lane.direction, lane.account),
    redisKey(prefix, 'waiting'),
  ]
}

/** What a lane counts under in the hash of what waits. */
export function counterOf({ direction, account }: Pick<Lane, 'direction' | 'account'>): string {
  return `${direction}:${account}`
}

/**
 * When a message of an account last got across: `in` was shown in Chatwoot, `out` was taken by WasenderAPI. Tells one
 * message that is refused from a platform that is out of order. Kept in memory: after a start nothing has got across yet.
 */
export type LastDelivered = {
  note(account: AccountId, direction: 'in' | 'out'): void
  /** Whether one got across after this moment, ms since 1970. Receipts go to Chatwoot, as messages from WhatsApp do. */
  isSince(account: AccountId, direction: Direction, moment: number): boolean
}

export function createLastDelivered({ clock }: { clock: Clock }): LastDelivered {
  const last = new Map<string, number>()
  return {
    note: (account, direction) => void last.set(`${direction}:${account}`, clock.now()),
    isSince(account, direction, moment) {
      const at = last.get(`${direction === 'out' ? 'out' : 'in'}:${account}`)
      return at !== undefined && at > moment
    },
  }
}
