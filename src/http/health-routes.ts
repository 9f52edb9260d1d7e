import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import { verifyToken } from '../chatwoot/webhook.ts'
import { within } from '../within.ts'

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
    await within(CHECK_MS, check(), () => {
      throw new Error('no answer')
    })
    return undefined
  } catch (error) {
    return [name, error instanceof Error ? error.message : String(error)]
  }
}
