import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { createBodyRoom } from './body.ts'
import { createHealthRoutes, type ReadinessCheck } from './health-routes.ts'
import { createSecondLook, type Verifiable, verifyChatwoot, verifyWasender } from './verify.ts'
import { createWebhookRoute, type Ingest, type OnWebhook } from './webhook-routes.ts'

export type HttpOptions = {
  accounts: ReadonlyMap<string, Verifiable>
  ingestWasender: Ingest
  ingestChatwoot: Ingest
  onWebhook: OnWebhook
  checks: ReadinessCheck[]
  registry: Registry
  metricsToken?: string | undefined
  /** Below `/admin`; absent when there is no admin token. */
  admin?: Hono | undefined
  clock: Clock
  log: Logger
}

/** All HTTP routes. */
export function createHttpApp(options: HttpOptions): Hono {
  const { accounts, onWebhook, clock, log } = options
  const room = createBodyRoom()
  const verifying = { accounts, clock, secondLook: createSecondLook({ clock }) }
  const app = new Hono()
  app.route('/', createHealthRoutes(options))
  app.route(
    '/webhooks/wasender',
    createWebhookRoute({
      source: 'wasender',
      paths: ['/:account'],
      verify: verifyWasender(verifying),
      room,
      ingest: options.ingestWasender,
      onWebhook,
    }),
  )
  app.route(
    '/api/webhook',
    createWebhookRoute({
      source: 'wasender',
      paths: ['/'],
      verify: verifyWasender(verifying),
      room,
      ingest: options.ingestWasender,
      onWebhook,
    }),
  )
  app.route(
    '/webhooks/chatwoot',
    createWebhookRoute({
      source: 'chatwoot',
      paths: ['/:account', '/:account/:token'],
      verify: verifyChatwoot(verifying),
      room,
      ingest: options.ingestChatwoot,
      onWebhook,
    }),
  )
  if (options.admin !== undefined) app.route('/admin', options.admin)
  app.notFound((c) => c.json({ error: 'There is nothing here.' }, 404))
  app.onError((error, c) => {
    log.error({ err: error, route: c.req.routePath }, 'A request failed')
    return c.json({ error: 'Something went wrong.' }, 500)
  })
  return app
}
