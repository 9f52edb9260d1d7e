import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { type Lane, laneName } from '../../queue/entry.ts'
import { LONGEST_WAIT_MS } from '../../queue/retry.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { redisKey } from '../../state/redis/keys.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
import { luaScript, runScript } from '../../state/redis/script.ts'

/**
 * How far apart the sends of a session are. WasenderAPI takes one message per 5 s with account protection on and 256 a
 * minute without (docs/platforms/wasender.md#rate-limits). What counts is when the last one left, whoever sent it: that
 * lives in Redis, which several processes share, and so does the clock by which it is told.
 */
export type Pace = {
  /**
   * Lets one send of the lane through when its turn has come, and answers 0. Otherwise the lane waits in line, and the
   * answer is in how many ms to ask again.
   */
  pass(account: Account, lane: Lane): Promise<number>
  /** What was let through leaves only now: the next one keeps its distance from here. */
  left(account: AccountId): Promise<void>
  /** After a 429: nothing leaves for so many ms. */
  hold(account: AccountId, ms: number): Promise<void>
  /** Whether the session is protected, as the platform says or as a 429 has taught. */
  learn(account: AccountId, isProtected: boolean): Promise<void>
  /** The platform cannot say whether it is protected. What is known stays; else only a 429 will tell. */
  doubt(account: AccountId): Promise<void>
  /** How far apart the account's sends have to be, in ms. */
  spacing(account: Account): Promise<number>
}

/**
 * With account protection one message per 5 s; sends a little wider apart never meet the limit
 * (docs/platforms/wasender.md#rate-limits).
 */
export const PROTECTED_MS = 5_200
/**
 * Without account protection 256 sends a minute are allowed; a little less leaves room
 * (docs/platforms/wasender.md#rate-limits).
 */
const UNPROTECTED_MS = 250

/** Added to the distance, because sends may arrive a little closer together than they left. */
const ROOM_MS = 50

/** When the last send left, and until when none may, as a hash. A clock that was set back takes both with it. */
const BEGIN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'last', 'pause', 'seen')
local back = math.max(0, tonumber(kept[3] or '0') - now)
local last = tonumber(kept[1] or '0') - back
local pause = tonumber(kept[2] or '0') - back
`
const END = `
redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last), 'pause', string.format('%.0f', pause),
  'seen', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], 86400000)
`

/**
 * Each lane in line waits for one send of every lane before it. A lane that asks when all of those should have sent may
 * send, and they lose their places: the session went down meanwhile, or their messages were deleted.
 * KEYS sends, line; ARGV spacing, lane.
 */
const PASS = luaScript(
  `${BEGIN}
local spacing = tonumber(ARGV[1])
local ahead = redis.call('ZRANK', KEYS[2], ARGV[2]) or redis.call('ZCARD', KEYS[2])
local wait = math.max(last + spacing, pause) + ahead * spacing - now
if wait <= 0 then
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, ahead)
  last = now
else
  local newest = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] or '0'
  redis.call('ZADD', KEYS[2], 'NX', newest + 1, ARGV[2])
  redis.call('PEXPIRE', KEYS[2], 86400000)
end
${END}
return math.max(0, wait)`,
  z.number(),
)

/** KEYS sends. */
const LEFT = luaScript(`${BEGIN} last = now ${END} return 1`, z.literal(1))

/** Two requests may be told to wait at the same time: the longer pause counts. KEYS sends; ARGV ms. */
const HOLD = luaScript(
  `${BEGIN} pause = math.max(pause, now + tonumber(ARGV[1])) ${END} return 1`,
  z.literal(1),
)

/** A long line is asked about again meanwhile. */
const MOST_MS = 10 * 60_000

export function createPace(state: RedisState): Pace {
  const { redis, prefix } = state
  const learnedSpacing = createMemory(state, MEMORIES.spacings)
  const sends = (account: AccountId) => redisKey(prefix, 'paceSends', account)

  async function spacing({ id, options, managedSession }: Account): Promise<number> {
    if (options.pace !== 'auto') return options.pace === 0 ? 0 : options.pace + ROOM_MS
    const learned = await learnedSpacing(id).get()
    if (learned !== undefined) return learned
    // The platform is just being asked.
    return managedSession === undefined ? UNPROTECTED_MS : PROTECTED_MS
  }

  return {
    async pass(account, lane) {
      const apart = await spacing(account)
      const keys = [sends(account.id), redisKey(prefix, 'paceLine', account.id)]
      return Math.min(await runScript(redis, PASS, keys, [apart, laneName(lane)]), MOST_MS)
    },
    async left(account) {
      await runScript(redis, LEFT, [sends(account)])
    },
    async hold(account, ms) {
      const atMost = Math.ceil(Math.min(ms, LONGEST_WAIT_MS))
      await runScript(redis, HOLD, [sends(account)], [atMost])
    },
    learn: (account, isProtected) =>
      learnedSpacing(account).set(isProtected ? PROTECTED_MS : UNPROTECTED_MS),
    async doubt(account) {
      await learnedSpacing(account).add(UNPROTECTED_MS)
    },
    spacing,
  }
}

/** @throws {WaitUntil} until it is the lane's turn to send. */
export async function turnToSend(
  deps: { pace: Pick<Pace, 'pass'>; clock: Clock },
  account: Account,
  lane: Lane,
): Promise<void> {
  const wait = await deps.pace.pass(account, lane)
  if (wait === 0) return
  const until = deps.clock.now() + wait
  throw new WaitUntil('Other sends of the session go first.', { until, mayBeWoken: true })
}
