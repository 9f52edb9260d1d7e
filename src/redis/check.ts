import type { Redis } from 'ioredis'
import { TransientError } from '../errors.ts'
import { awayReason } from './away.ts'
import type { Contact } from './contact.ts'

/**
 * Whether Redis takes writes: a full one and a replica still answer a PING.
 *
 * @throws {TransientError} `redis.away`, with the reason.
 */
export async function checkRedis(redis: Redis, prefix: string, contact: Contact): Promise<void> {
  const problem = contact.problem()
  if (problem !== undefined) throw away(problem, problem)
  try {
    await redis.set(`${prefix}check`, '1', 'EX', 60)
  } catch (error) {
    const reason = awayReason(error) ?? 'unexpected answer'
    throw away(`Redis takes no writes (${reason})`, reason)
  }
}

function away(what: string, reason: string): TransientError {
  return new TransientError(`${what}; webhooks wait on disk.`, {
    code: 'redis.away',
    context: { reason },
  })
}
