import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { AccountId } from '../../ids.ts'
import { createScript } from '../../redis/script.ts'
import type { Entry } from '../lanes/lanes.ts'
import type { SessionProtection } from '../outages/session-protection.ts'

/**
 * The send slots of each session. WasenderAPI takes one message per 5 s with account protection on and 256 a
 * minute without (wasender-api.md, section 5); slots live in Redis so that several processes share them.
 */
export type Pace = {
  /**
   * Reserves the next free slot, ms since 1970. A slot that lies ahead has to be waited for. One that is `held` already
   * is given back as it is, unless a 429 has taken it away or it lies too far behind.
   */
  reserve(account: AccountId, spacingMs: number, held?: number): Promise<number>
  /** After a 429: no slot before `until`, and with `spacingMs` wider slots from now on. */
  hold(account: AccountId, until: number, spacingMs?: number): Promise<void>
  /** How far apart the session's sends have to be when nobody has configured it, in ms. */
  spacing(account: AccountId): Promise<number>
}

/** With account protection one message per 5 s; slots a little wider never meet the limit (section 5). */
export const PROTECTED_MS = 5_200
/** Without account protection 256 sends a minute are allowed; a little less leaves room (section 5). */
const UNPROTECTED_MS = 250

/**
 * Slots are counted from the last one, and never lie in the past or before the end of a pause.
 *
 * KEYS next, pause; ARGV now, spacing, the slot that is held, how far behind that may lie.
 */
const RESERVE = `
local pause = tonumber(redis.call('GET', KEYS[2]) or '0')
local held = tonumber(ARGV[3])
if held >= pause and held > tonumber(ARGV[1]) - tonumber(ARGV[4]) then return string.format('%d', held) end
local slot = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]), pause)
redis.call('SET', KEYS[1], string.format('%d', slot + tonumber(ARGV[2])), 'PX', 3600000)
return string.format('%d', slot)`

/** Two requests may be told to wait at the same time: the longer pause counts. KEYS pause; ARGV until. */
const HOLD = `
local pause = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%d', pause), 'PX', 86400000)
return 1`

/** A slot that was missed by more, as during an outage, is gone: others may have been given the time since. */
const STALE_MS = 30_000

/** What a 429 taught about the session is asked again once a day, since protection may be switched off. */
const LEARNED_FOR_S = 86_400

export function createPace(options: {
  redis: Redis
  prefix: string
  clock: Clock
  protection?: Pick<SessionProtection, 'isOn'>
}): Pace {
  const { redis, prefix, clock, protection } = options
  const reserve = createScript(redis, RESERVE, z.coerce.number())
  const holdBack = createScript(redis, HOLD, z.literal(1))
  const key = (account: AccountId, part: string) => `${prefix}pace:${account}:${part}`

  return {
    async reserve(account, spacingMs, held = 0) {
      const keys = [key(account, 'next'), key(account, 'pause')]
      return reserve(keys, [clock.now(), Math.ceil(spacingMs), held, STALE_MS])
    },
    async hold(account, until, spacingMs) {
      await holdBack([key(account, 'pause')], [Math.ceil(until)])
      if (spacingMs !== undefined) {
        await redis.set(key(account, 'spacing'), String(spacingMs), 'EX', LEARNED_FOR_S)
      }
    },
    async spacing(account) {
      const isOn = protection?.isOn(account)
      if (isOn !== undefined) return isOn ? PROTECTED_MS : UNPROTECTED_MS
      return Number((await redis.get(key(account, 'spacing'))) ?? UNPROTECTED_MS)
    },
  }
}

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
  const spacing = option === 'auto' ? await pace.spacing(account.id) : option
  const slot = await pace.reserve(account.id, spacing, entry.slot)
  if (slot > clock.now()) return { waitUntil: slot, slot }
  delete entry.slot
  return undefined
}
