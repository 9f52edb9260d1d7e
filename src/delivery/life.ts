import type { Redis } from 'ioredis'
import { waitForRedis } from '../redis/connect.ts'
import { onRedisBack } from '../redis/on-back.ts'
import type { Operator } from '../session/operator/operator.ts'
import type { Intake } from './intake/intake.ts'
import type { Workers } from './lanes/workers.ts'
import type { SessionProtection } from './outages/session-protection.ts'
import type { InfoPolls } from './outcome/info-polls.ts'
import type { createRecovery } from './recovery.ts'

/** In which order the delivery begins its work and ends it. */
export type DeliveryLife = {
  /**
   * Waits for Redis, as long as it takes; what comes in before that waits on disk. What an earlier process left there is in
   * the lanes when it resolves, if Redis takes it.
   */
  start(): Promise<void>
  /** Lets the turns in hand finish. */
  close(): Promise<void>
}

export function createDeliveryLife(parts: {
  redis: Redis
  workers: Workers
  infoPolls: InfoPolls
  intake: Intake
  recovery: Pick<ReturnType<typeof createRecovery>, 'start' | 'close'>
  sessionProtection: SessionProtection
  operator: Pick<Operator, 'start' | 'close'>
}): DeliveryLife {
  const { redis, workers, infoPolls, intake, recovery, sessionProtection, operator } = parts
  let isClosing = false
  let stopResuming = () => {}

  return {
    async start() {
      sessionProtection.start()
      // Workers that were started without Redis could not be stopped without it either.
      await waitForRedis(redis)
      await workers.start()
      if (isClosing) return
      infoPolls.start()
      await intake.start()
      if (isClosing) return
      stopResuming = onRedisBack(redis, intake.resume)
      recovery.start()
      operator.start()
    },
    async close() {
      isClosing = true
      stopResuming()
      sessionProtection.close()
      operator.close()
      await recovery.close()
      await intake.close()
      await Promise.all([workers.close(), infoPolls.close()])
    },
  }
}
