import type { Redis } from 'ioredis'
import { z } from 'zod'
import { BridgeError } from '../../kernel/errors.ts'
import { type AccountId, asId, type MessageId } from '../../kernel/ids.ts'
import { parseJson } from '../../kernel/text.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import { redisKey } from '../../state/redis/keys.ts'
import { luaScript, runScript } from '../../state/redis/script.ts'
import { damagedKey, keepDamaged, type OnSetAside } from '../../state/set-aside/set-aside.ts'
import { type Direction, type Entry, entryOf, isNewer, type Lane, laneName } from '../entry.ts'
import type { LanePositions } from '../lane-positions.ts'

/** Which failures are meant; all accounts and directions when absent. */
export type FailureFilter = { accounts: readonly AccountId[]; direction?: Direction | undefined }

export type FailurePage = {
  /** Newest first. */
  failures: Failure[]
  /** Where the next page begins; absent on the last one. */
  cursor?: number
}

/** The dead letters: what was given up waits here until an admin retries or discards it. */
export type Failures = {
  /** Durable once resolved. An entry that fails again, or another one of the same message, takes its place. */
  add(lane: Lane, entry: Entry, error: unknown, failedAt: number): Promise<Failure>
  get(id: string): Promise<Failure | undefined>
  list(filter: FailureFilter & { cursor?: number | undefined; limit: number }): Promise<FailurePage>
  count(account: AccountId, direction: Direction): Promise<number>
  /** False when there was none. */
  remove(failure: Pick<Failure, 'id'>): Promise<boolean>
  /** Drops the dead letter of an agent's message: it is being sent again, deleted, or has arrived after all. */
  forget(account: AccountId, message: MessageId): Promise<void>
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']

type FailuresDeps = {
  redis: Redis
  prefix: string
  places: Pick<LanePositions, 'orderOf'>
  /** Told about dead letters that could not be read. */
  onSetAside?: OnSetAside | undefined
}

/**
 * Per account a hash of all, an order of them per direction, and the dead letter of each agent's message: every question
 * is answered without reading all.
 */
export function createFailures(deps: FailuresDeps): Failures {
  const { redis, prefix, places } = deps
  const { orderKey, keysOf } = failureKeys(prefix)
  const read = createReadFailures(deps)

  async function remove(id: string): Promise<boolean> {
    const [failure] = await read([id])
    if (failure === undefined) return false
    const ref = messageOf(failure, failure.entry) ?? ''
    return (
      (await runScript(redis, FAILURE_SCRIPTS.remove, keysOf(failure.account), [id, ref])) === 1
    )
  }

  return {
    async add(lane, entry, error, failedAt) {
      const message = messageOf(lane, entry)
      const failure: Failure = {
        id: `${lane.account}.${entry.id}`,
        account: lane.account,
        direction: lane.direction,
        lane: laneName(lane),
        order: (await places.orderOf(lane, entry.id)) ?? message ?? 0,
        code: error instanceof BridgeError ? error.code : 'bridge.unexpected',
        message: error instanceof BridgeError ? error.message : 'Unexpected error, see the log.',
        failedAt,
        entry,
      }
      const position = DIRECTIONS.indexOf(lane.direction) + 1
      const body = failureBody(failure)
      await runScript(redis, FAILURE_SCRIPTS.add, keysOf(lane.account), [
        failure.id,
        body,
        message ?? '',
        position,
      ])
      return failure
    },
    get: async (id) => (await read([id]))[0],
    async list({ accounts, direction, cursor, limit }) {
      const directions = direction === undefined ? DIRECTIONS : [direction]
      const max = cursor === undefined ? '+inf' : `(${cursor}`
      const ranges = accounts.flatMap((account) =>
        directions.map((each) => newest(redis, orderKey(account, each), max, limit + 1)),
      )
      const ranked = (await Promise.all(ranges)).flat().sort((a, b) => b.score - a.score)
      const page = ranked.slice(0, limit)
      const failures = await read(page.map(({ id }) => id))
      const last = page.at(-1)
      return ranked.length > limit && last !== undefined
        ? { failures, cursor: last.score }
        : { failures }
    },
    count: (account, direction) => redis.zcard(orderKey(account, direction)),
    remove: ({ id }) => remove(id),
    async forget(account, message) {
      const id = await redis.hget(redisKey(prefix, 'deadLetterOfMessage', account), String(message))
      if (id !== null) await remove(id)
    },
  }
}

/** What the dead letters of an account are kept in. */
function failureKeys(prefix: string) {
  const bodiesKey = (account: AccountId) => redisKey(prefix, 'deadLetters', account)
  const orderKey = (account: AccountId, direction: Direction) =>
    redisKey(prefix, 'deadLetterOrder', account, direction)
  return {
    bodiesKey,
    orderKey,
    keysOf: (account: AccountId): string[] => [
      bodiesKey(account),
      redisKey(prefix, 'deadLetterOfMessage', account),
      redisKey(prefix, 'deadLetterSequence'),
      ...DIRECTIONS.map((direction) => orderKey(account, direction)),
    ],
  }
}

/** Those that can be read. What is damaged is set aside; what a newer release wrote waits for it. */
function createReadFailures({ redis, prefix, onSetAside }: FailuresDeps) {
  const { bodiesKey, keysOf } = failureKeys(prefix)

  async function setAside(id: string, text: string): Promise<void> {
    const where = bodiesKey(accountOf(id))
    await keepDamaged(redis, damagedKey(prefix, 'failure'), { where, id, text })
    await runScript(redis, FAILURE_SCRIPTS.remove, keysOf(accountOf(id)), [id, ''])
    onSetAside?.({ what: 'failure', where, count: 1 })
  }

  async function readOne(id: string): Promise<Failure | undefined> {
    const text = await redis.hget(bodiesKey(accountOf(id)), id)
    if (text === null) return undefined
    const stored = readFailure(text)
    if (stored.is === 'damaged') await setAside(id, text)
    return stored.is === 'failure' ? stored.failure : undefined
  }

  return async (ids: readonly string[]): Promise<Failure[]> => {
    const found = await Promise.all(ids.map(readOne))
    return found.filter((failure) => failure !== undefined)
  }
}

/** Account ids hold no dot. */
function accountOf(id: string): AccountId {
  return asId<AccountId>(id.slice(0, Math.max(0, id.indexOf('.'))))
}

/** Of an event that is unreadable otherwise, too. */
const writtenSchema = z.looseObject({
  id: z.number(),
  contentAttributes: z.record(z.string(), z.unknown()),
})

/** The agent's message an entry is to bring to WhatsApp. */
function messageOf(
  { direction }: Pick<Lane, 'direction'>,
  { event }: Entry,
): MessageId | undefined {
  if (direction !== 'out') return undefined
  const { success, data } = writtenSchema.safeParse(event)
  return !success || isDeleted(data) ? undefined : (data.id as MessageId)
}

async function newest(redis: Redis, key: string, max: string, limit: number) {
  const found = await redis.zrange(
    key,
    max,
    '-inf',
    'BYSCORE',
    'REV',
    'LIMIT',
    0,
    limit,
    'WITHSCORES',
  )
  const flat = found.flat()
  return flat.flatMap((id, index) =>
    index % 2 === 0 ? [{ id: String(id), score: Number(flat[index + 1]) }] : [],
  )
}

/** An entry that was given up, with all that is needed to try it again. */
export type Failure = {
  /** `{account}.{entry id}`. */
  id: string
  account: AccountId
  direction: Direction
  /** Its lane by name, and its place there. */
  lane: string
  order: number
  /** Stable reason, e.g. `chatwoot.invalid`. */
  code: string
  /** Safe to show: no text, no number, no secret. */
  message: string
  /** ms since 1970. */
  failedAt: number
  entry: Entry
}

/** Version of a dead letter. The releases before wrote none. */
const VERSION = 1

const schema = z.object({
  id: z.string(),
  account: z.string().transform((id) => id as AccountId),
  direction: z.enum(['in', 'out', 'status']),
  lane: z.string(),
  order: z.number(),
  code: z.string(),
  message: z.string(),
  failedAt: z.number(),
  entry: z.looseObject({ id: z.string() }),
})

type StoredFailure = { is: 'failure'; failure: Failure } | { is: 'newer' } | { is: 'damaged' }

export function failureBody(failure: Failure): string {
  return JSON.stringify({ v: VERSION, ...failure })
}

export function readFailure(body: string): StoredFailure {
  const json = parseJson(body)
  if (isNewer(json, VERSION)) return { is: 'newer' }
  const { success, data } = schema.safeParse(json)
  if (!success) return { is: 'damaged' }
  const stored = entryOf(data.entry.id, data.entry)
  return stored.is === 'entry'
    ? { is: 'failure', failure: { ...data, entry: stored.entry } }
    : { is: stored.is }
}

/**
 * The Lua behind the dead letters. KEYS: bodies (hash id → JSON), messages (hash Chatwoot message id → id), sequence,
 * then the order (zset id → sequence) of each direction.
 */
const DROP = `
local function drop(id)
  for n = 4, #KEYS do redis.call('ZREM', KEYS[n], id) end
  return redis.call('HDEL', KEYS[1], id)
end
`

/** ARGV id, body, message id or nothing, position of the direction. */
const ADD = `${DROP}
if ARGV[3] ~= '' then
  local before = redis.call('HGET', KEYS[2], ARGV[3])
  if before and before ~= ARGV[1] then drop(before) end
  redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
end
if redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[3 + tonumber(ARGV[4])], redis.call('INCR', KEYS[3]), ARGV[1])
end
return 1`

/** ARGV id, message id or nothing. Whether it was there. */
const REMOVE = `${DROP}
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[1] then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
return drop(ARGV[1])`

const FAILURE_SCRIPTS = {
  add: luaScript(ADD, z.literal(1)),
  remove: luaScript(REMOVE, z.int()),
}
