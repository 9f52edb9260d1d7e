import type { Redis } from 'ioredis'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { Entry } from './lanes.ts'

/**
 * The send slots of each session. WasenderAPI takes one message per 5 s with account protection on and 256 a
 * minute without (wasender-api.md, section 5); slots live in Redis so that several processes share them.
 */
export type Pace = {
  /** Reserves the next free slot, ms since 1970. A slot that lies ahead has to be waited for. */
  reserve(account: AccountId, spacingMs: number): Promise<number>
  /** After a 429: no slot before `until`, and with `spacingMs` wider slots from now on. */
  hold(account: AccountId, until: number, spacingMs?: number): Promise<void>
  /** Spacing learned from a 429, in ms. */
  learned(account: AccountId): Promise<number>
}

/** Slots are counted from the last one, and never lie in the past. */
const RESERVE = {
  numberOfKeys: 1,
  lua: `
local slot = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%d', slot + tonumber(ARGV[2])), 'PX', 3600000)
return string.format('%d', slot)`,
}

const HOLD = {
  numberOfKeys: 1,
  lua: `
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%d', free), 'PX', 86400000)
return 1`,
}

/** What a 429 taught about the session is asked again once a day, since protection may be switched off. */
const LEARNED_FOR_S = 86_400

type ScriptedRedis = Redis & {
  paceReserve(key: string, now: number, spacing: number): Promise<string>
  paceHold(key: string, until: number): Promise<number>
}

export function createPace(options: { redis: Redis; prefix: string; clock: Clock }): Pace {
  const { redis, prefix, clock } = options
  redis.defineCommand('paceReserve', RESERVE)
  redis.defineCommand('paceHold', HOLD)
  const scripted = redis as ScriptedRedis
  const slotKey = (account: AccountId) => `${prefix}pace:${account}:next`
  const spacingKey = (account: AccountId) => `${prefix}pace:${account}:spacing`

  return {
    async reserve(account, spacingMs) {
      return Number(await scripted.paceReserve(slotKey(account), clock.now(), Math.ceil(spacingMs)))
    },
    async hold(account, until, spacingMs) {
      await scripted.paceHold(slotKey(account), Math.ceil(until))
      if (spacingMs !== undefined) {
        await redis.set(spacingKey(account), String(Math.ceil(spacingMs)), 'EX', LEARNED_FOR_S)
      }
    },
    learned: async (account) => Number((await redis.get(spacingKey(account))) ?? 0),
  }
}

/** Without account protection 256 sends a minute are allowed; a little less leaves room (section 5). */
const UNPROTECTED_MS = 250

/**
 * The entry's send slot: `undefined` when it is now, else what to wait for. A slot is reserved once and kept with
 * the entry, so that waiting for it does not cost another one; it is used up by the attempt it lets through.
 */
export async function reserveSlot(
  pace: Pace,
  clock: Clock,
  account: Account,
  entry: Entry,
): Promise<{ waitUntil: number; slot: number } | undefined> {
  const { pace: option } = account.options
  const spacing =
    option === 'auto' ? Math.max(UNPROTECTED_MS, await pace.learned(account.id)) : option
  const slot = entry.slot ?? (await pace.reserve(account.id, spacing))
  if (slot > clock.now()) return { waitUntil: slot, slot }
  delete entry.slot
  return undefined
}
