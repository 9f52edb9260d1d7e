import type { Redis } from 'ioredis'
import type { Clock } from '../../clock.ts'
import { within } from '../../within.ts'

/** Sign-ins that were ended before their time: known in every process that shares the Redis, and after a restart. */
export type EndedSignIns = {
  /** `unknown` while Redis is away. */
  has(id: string): Promise<boolean | 'unknown'>
  /** Remembers one until it would have ended by itself, at `expiresAt` (ms). Written once Redis takes it. */
  add(id: string, expiresAt: number): Promise<void>
}

/** A page is not kept waiting for a Redis that is slow. */
const PATIENCE_MS = 1_000
const AGAIN_MS = 5_000

export function createEndedSignIns({
  redis,
  prefix,
  clock,
}: {
  redis: Pick<Redis, 'exists' | 'set'>
  prefix: string
  clock: Clock
}): EndedSignIns {
  const keyOf = (id: string) => `${prefix}signed-out:${id}`

  async function add(id: string, expiresAt: number): Promise<void> {
    const left = Math.ceil(expiresAt - clock.now())
    if (left <= 0) return
    try {
      await within(PATIENCE_MS, redis.set(keyOf(id), '1', 'PX', left), giveUp)
    } catch {
      // Redis is away, which others tell of. Until it is back this process knows it by itself.
      setTimeout(() => void add(id, expiresAt), AGAIN_MS).unref()
    }
  }

  return {
    add,
    async has(id) {
      try {
        return (await within(PATIENCE_MS, redis.exists(keyOf(id)), giveUp)) > 0
      } catch {
        return 'unknown'
      }
    },
  }
}

function giveUp(): never {
  throw new Error('Redis does not answer in time.')
}
