import type { Redis } from 'ioredis'
import type { AccountId } from '../../kernel/ids.ts'
import { redisKey } from '../../state/redis/keys.ts'

/** Which alerts the operators know of; shared by all processes, and outlives them. */
export type AlertMemory = {
  get(account: AccountId, name: string): Promise<number | undefined>
  set(account: AccountId, name: string, value: number): Promise<void>
  forget(account: AccountId, name: string): Promise<void>
}

export function createAlertMemory(deps: { redis: Redis; prefix: string }): AlertMemory {
  const { redis, prefix } = deps
  const key = (account: AccountId) => redisKey(prefix, 'alerts', account)
  return {
    async get(account, name) {
      const value = await redis.hget(key(account), name)
      return value === null ? undefined : Number(value)
    },
    async set(account, name, value) {
      await redis.hset(key(account), name, String(value))
    },
    async forget(account, name) {
      await redis.hdel(key(account), name)
    },
  }
}

/** Older than this, a waiting message is no longer on its way but stuck. */
const STUCK_MS = 5 * 60_000
/** A backlog is over when nothing in it is older than this; well below the other, so that it does not flicker. */
export const MOVING_MS = 60_000

type BacklogState = {
  /** When the oldest that waits came, ms since 1970; 0 when nothing does. */
  oldest: number
  /** The backlog that was told of, by when its oldest came. */
  told: number | undefined
  /** Something that was told of already keeps all of it waiting. */
  isExplained: boolean
  now: number
}

/** Whether to tell that messages are stuck, or that they move again. Pure. */
export function judgeBacklog(state: BacklogState): 'started' | 'over' | undefined {
  const { oldest, told, isExplained, now } = state
  const age = oldest === 0 ? 0 : now - oldest
  if (told !== undefined) return age < MOVING_MS ? 'over' : undefined
  return age >= STUCK_MS && !isExplained ? 'started' : undefined
}

/** Whether there are dead letters that were not told of. `told`: how many there were the last time. Pure. */
export function areNewFailures({ count, told }: { count: number; told: number }): boolean {
  return count > told
}
