import { type Context, Hono } from 'hono'
import type { Faults } from '../faults.ts'
import { accountRoutes } from './account-routes.ts'
import { type App, answerError, mountRoutes } from './api.ts'
import { assignmentRoutes } from './assignment-routes.ts'
import { contactRoutes } from './contact-routes.ts'
import { contactSearchRoutes } from './contact-search.ts'
import { conversationListRoutes } from './conversation-list.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { ApiError } from './errors.ts'
import { inboxRoutes } from './inbox-routes.ts'
import type { CallLedger } from './ledger.ts'
import { messageRoutes } from './message-routes.ts'
import { mountPublicApi } from './public-routes.ts'
import { mountRoot } from './root-routes.ts'
import type { World } from './state.ts'
import { mountStorage, uploadRoutes } from './storage-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

/** Every endpoint of the application API. Searches come first: their paths look like ids. */
const ROUTES = [
  ...contactSearchRoutes,
  ...contactRoutes,
  ...conversationListRoutes,
  ...conversationRoutes,
  ...assignmentRoutes,
  ...messageRoutes,
  ...uploadRoutes,
  ...inboxRoutes,
  ...webhookRoutes,
  ...accountRoutes,
]

/** Rails' page for what leads nowhere, in JSON for those that ask for it by name. */
function noRoute(c: Context): Response {
  const type = (mime: string) => ({ 'content-type': `${mime}; charset=UTF-8` })
  return /json/.test(c.req.header('accept') ?? '')
    ? c.json({ status: 404, error: 'Not Found' }, 404, type('application/json'))
    : c.body('<!DOCTYPE html>\n<title>Not found</title>\n', 404, type('text/html'))
}

/**
 * Chatwoot's HTTP surface, with calls recorded and faults applied. `onCrash` gets what went wrong in the stand-in itself,
 * which its clients see as a 500.
 */
export function createApp(options: {
  world: World
  ledger: CallLedger
  faults: Faults
  onCrash: (error: Error) => void
}): App {
  const { world, ledger, faults } = options
  const app: App = new Hono()
  for (const path of ['/api/*', '/public/*', '/rails/*', '/health']) {
    app.use(path, ledger.middleware)
    app.use(path, faults.middleware)
  }
  mountRoot(app, world)
  mountRoutes(app, world, ROUTES)
  mountPublicApi(app, world)
  mountStorage(app, world)
  app.notFound(noRoute)
  app.onError((error) => {
    if (!(error instanceof ApiError)) options.onCrash(error)
    return answerError(error)
  })
  return app
}
