import { TransientError } from '../errors.ts'
import { storageTrouble } from '../storage-trouble.ts'
import { awayReason, refusedCommand } from './away.ts'
import type { Contact } from './contact.ts'

/**
 * Whether Redis takes what webhooks bring. `tryOut` does with it what they need: a Redis that is full, a replica, or one
 * whose user may do little, still answers a PING.
 *
 * @throws {TransientError} `redis.away`, with the reason.
 */
export async function checkRedis(contact: Contact, tryOut: () => Promise<void>): Promise<void> {
  const problem = contact.problem()
  if (problem !== undefined) throw away(problem, problem)
  try {
    await tryOut()
  } catch (error) {
    const reason = awayReason(error) ?? refusedCommand(error) ?? 'unexpected answer'
    throw away(storageTrouble(error), reason)
  }
}

function away(what: string, reason: string): TransientError {
  return new TransientError(`${what}; webhooks wait on disk.`, {
    code: 'redis.away',
    context: { reason },
  })
}
