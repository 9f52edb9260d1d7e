import type { Intake } from './delivery/intake/intake.ts'
import type { Queue } from './delivery/lanes/queue.ts'
import type { ReadinessCheck } from './http/health-routes.ts'
import { checkRedis } from './redis/check.ts'
import type { Contact } from './redis/contact.ts'
import { type LossWatch, lossInWords } from './redis/loss.ts'
import { storageTrouble } from './storage-trouble.ts'
import type { Store } from './store/types.ts'

/** What `/readyz` and the admin pages look at. The reasons are for anybody who asks: no paths, no addresses, no secrets. */
export function readinessChecks(parts: {
  redis: Contact
  loss: Pick<LossWatch, 'lately'>
  /** Where the bridge remembers (`data.store`). */
  remembers: 'file' | 'redis'
  store: Pick<Store, 'flush'>
  queue: Pick<Queue, 'tryOut' | 'isRunning'>
  intake: Pick<Intake, 'waitsFor' | 'refusedLately'>
}): ReadinessCheck[] {
  const { redis, loss, remembers, store, queue, intake } = parts
  return [
    {
      name: 'redis',
      check: () => checkRedis(redis, queue.tryOut),
      hint() {
        const lost = loss.lately()
        return lost && lossInWords(lost, remembers)
      },
    },
    { name: 'store', check: () => store.flush().catch(notKept) },
    { name: 'spool', check: () => complain(intake.waitsFor()) },
    { name: 'webhooks', check: () => complain(intake.refusedLately()) },
    {
      name: 'workers',
      check: () =>
        complain(
          queue.isRunning() ? undefined : 'The workers do not run: they start once Redis is there.',
        ),
    },
  ]
}

function notKept(error: unknown): never {
  throw new Error(`What the bridge remembers is not kept: ${storageTrouble(error)}.`, {
    cause: error,
  })
}

function complain(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem)
}
