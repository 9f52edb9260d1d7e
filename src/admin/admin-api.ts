import { Hono } from 'hono'
import type { Journal } from '../delivery/journal.ts'
import { BridgeError, isRetryable } from '../errors.ts'
import { type AccountRoutesDeps, createAccountRoutes } from './account-routes.ts'
import { createFailureRoutes, type FailureRoutesDeps } from './failure-routes.ts'
import { createMessageRoutes } from './message-routes.ts'
import { BadQueryError } from './read-query.ts'
import { requireToken } from './require-token.ts'

export type AdminApiOptions = AccountRoutesDeps &
  Omit<FailureRoutesDeps, 'accounts'> & {
    journal: Journal
    token: string
  }

/** `/admin/api`: everything as JSON, for those who have the token (design section 3). */
export function createAdminApi(options: AdminApiOptions): Hono {
  const ids = options.accounts.map(({ id }) => id)
  const app = new Hono()
  app.use('*', requireToken(options.token))
  app.route('/accounts', createAccountRoutes(options))
  app.route('/failures', createFailureRoutes({ ...options, accounts: ids }))
  app.route('/messages', createMessageRoutes({ ...options, accounts: ids }))
  app.onError((error, c) => {
    if (error instanceof BadQueryError) return c.json({ error: error.message }, 400)
    if (error instanceof BridgeError && isRetryable(error)) {
      return c.json({ error: error.message, code: error.code }, 503)
    }
    throw error
  })
  return app
}
