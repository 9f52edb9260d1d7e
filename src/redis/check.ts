import type { Redis } from 'ioredis'
import { TransientError } from '../errors.ts'
import { awayReason } from './away.ts'

/**
 * Whether Redis takes writes: a full one and a replica still answer a PING.
 *
 * @throws {TransientError} `redis.away`, with the reason.
 */
export async function checkRedis(redis: Redis, prefix: string): Promise<void> {
  try {
    await redis.set(`${prefix}check`, '1', 'EX', 60)
  } catch (error) {
    const reason = awayReason(error) ?? 'unexpected answer'
    throw new TransientError(`Redis takes no writes (${reason}); webhooks wait on disk.`, {
      code: 'redis.away',
      context: { reason },
    })
  }
}
