import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { z } from 'zod'
import type { Logger } from '../../src/kernel/log.ts'
import { ACTIONS } from './actions.ts'
import { adminDoor } from './admin-door.ts'
import { eventStream } from './event-stream.ts'
import type { Feed } from './feed.ts'
import { KIND_GROUPS } from './kinds/kinds.ts'
import { mediaRoutes } from './media/media-routes.ts'
import type { PageFile } from './page-files.ts'
import { REFUSALS } from './refusals.ts'
import type { DemoStage } from './stage.ts'
import type { DemoState } from './state.ts'

export type DemoAppParts = {
  stage: DemoStage
  feed: Feed
  page: ReadonlyMap<string, PageFile>
  state: () => DemoState
  log: Logger
}

const choice = ({ id, label }: { id: string; label: string }) => ({ id, label })

/** What the page offers and does not know by itself. */
const MENUS = {
  kinds: KIND_GROUPS.map(({ name, kinds }) => ({ name, choices: kinds.map(choice) })),
  refusals: REFUSALS.map(choice),
}

const SELF = ["'self'"]
const NOBODY = ["'none'"]

/** A file of 16 MB as base64, as large as the page lets one be. */
const BODY_BYTES = 24 * 1024 * 1024

/** The demo's web server: the page, its actions, one event stream and the way to the bridge's admin pages. */
export function createDemoApp({ stage, feed, page, state, log }: DemoAppParts): Hono {
  const app = new Hono()
  app.use(onlyLocal)
  app.use(
    secureHeaders({
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: SELF,
        baseUri: NOBODY,
        formAction: NOBODY,
        frameAncestors: NOBODY,
      },
    }),
  )
  app.use('/api/*', bodyLimit({ maxSize: BODY_BYTES }))
  app.get('/events', (c) => eventStream(c, feed, state))
  app.get('/api/state', (c) => c.json(state()))
  app.get('/api/menus', (c) => c.json(MENUS))
  for (const [path, act] of Object.entries(ACTIONS)) {
    app.post(`/api/${path}`, async (c) => {
      await act(stage, c.req.param('id') ?? '', await jsonOf(c))
      return c.json({ ok: true })
    })
  }
  app.route('/', mediaRoutes(stage))
  app.route('/', adminDoor(stage.world))
  app.get('*', (c) => {
    const file = page.get(c.req.path)
    if (file === undefined) return c.notFound()
    return c.body(file.bytes, 200, { 'content-type': file.type, 'cache-control': 'no-cache' })
  })
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400)
    log.warn({ err: error, route: c.req.path }, 'The demo could not do this')
    return c.json({ error: 'This did not work.' }, 500)
  })
  return app
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Other web pages must not drive the demo: a name of theirs that leads to this machine is refused, and a JSON
 * body needs a permission for other origins that is never given.
 */
const onlyLocal: MiddlewareHandler = async (c, next) => {
  const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false
  const isAllowed = LOCAL.has(new URL(c.req.url).hostname) && (c.req.method === 'GET' || isJson)
  if (isAllowed) return await next()
  return c.json({ error: 'Only the page of the demo may ask this.' }, 403)
}

const jsonOf = async (c: Context): Promise<unknown> => c.req.json().catch(() => undefined)
