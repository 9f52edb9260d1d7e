import { setTimeout as wait } from 'node:timers/promises'
import type { DeliveryLife } from './delivery/life.ts'
import type { Logger } from './log.ts'
import { awayReason } from './redis/away.ts'
import type { Contact } from './redis/contact.ts'

/** Long enough for any Redis that is there. */
const PATIENCE_MS = 1_000

/**
 * Starts the delivery, but has nobody wait for a Redis that is away: the bridge listens without it, and the rest follows
 * by itself. Says so then, and when it has followed.
 */
export async function startDelivery(deps: {
  delivery: Pick<DeliveryLife, 'start'>
  redis: Contact
  log: Logger
  patienceMs?: number
}): Promise<void> {
  const { delivery, redis, log, patienceMs = PATIENCE_MS } = deps
  const starting = delivery.start().then(() => true)
  const late = redis.problem() === undefined ? wait(patienceMs, false, { ref: false }) : false
  if (await Promise.race([starting, late])) return
  const reason = redis.problem() ?? 'Redis is busy'
  log.warn({ reason }, 'The workers do not run yet: webhooks wait on disk until Redis takes them')
  starting.then(
    () => log.info('Redis is there: the workers run'),
    (err: unknown) => {
      // The bridge is stopped before Redis came.
      if (awayReason(err) !== undefined) return
      log.error({ err }, 'The workers could not be started; webhooks wait on disk')
    },
  )
}
