import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import type { Intake } from '../../bridge/intake/intake.ts'
import { withTimeout } from '../../kernel/async.ts'
import { verifyToken } from '../../platforms/chatwoot/webhook.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Contact } from '../../state/redis/contact.ts'
import { type LossWatch, lossInWords } from '../../state/redis/loss.ts'
import { checkRedis } from '../../state/redis/probe.ts'
import { storageTrouble } from '../../state/storage-trouble.ts'
import type { Store } from '../../state/store/types.ts'

/**
 * One thing the bridge needs; resolves when it is there, throws why not. `hint`: something that was wrong with it, which a
 * person should know although it works.
 */
export type ReadinessCheck = {
  name: string
  check: () => Promise<void> | void
  hint?: () => string | undefined
}

/** Longer than any healthy answer, shorter than a prober waits. */
const CHECK_MS = 3_000

/** Liveness, readiness and metrics. */
export function createHealthRoutes(options: {
  checks: ReadinessCheck[]
  registry: Registry
  metricsToken?: string | undefined
}): Hono {
  const { checks, registry, metricsToken } = options
  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))

  app.get('/readyz', async (c) => {
    const problems = await runChecks(checks)
    const ready = Object.keys(problems).length === 0
    const hints = hintsOf(checks)
    const more = Object.keys(hints).length === 0 ? {} : { hints }
    return c.json(
      ready ? { status: 'ready', ...more } : { status: 'not ready', problems, ...more },
      ready ? 200 : 503,
    )
  })

  app.get('/metrics', async (c) => {
    const bearer = c.req.header('Authorization')?.replace(/^Bearer /, '')
    if (metricsToken !== undefined && !verifyToken(bearer, metricsToken)) {
      return c.text('Unauthorized', 401)
    }
    return c.text(await registry.metrics(), 200, { 'Content-Type': registry.contentType })
  })
  return app
}

/** Why what is not there is not, by name; empty while all is well. */
export async function runChecks(
  checks: readonly ReadinessCheck[],
): Promise<Record<string, string>> {
  const results = await Promise.all(checks.map(run))
  return Object.fromEntries(results.filter((result) => result !== undefined))
}

/** What a person should know although all works, by name. */
export function hintsOf(checks: readonly ReadinessCheck[]): Record<string, string> {
  return Object.fromEntries(
    checks.flatMap(({ name, hint }) => {
      const text = hint?.()
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

async function run({ name, check }: ReadinessCheck): Promise<[string, string] | undefined> {
  try {
    await withTimeout(CHECK_MS, check(), () => {
      throw new Error('no answer')
    })
    return undefined
  } catch (error) {
    return [name, error instanceof Error ? error.message : String(error)]
  }
}

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
