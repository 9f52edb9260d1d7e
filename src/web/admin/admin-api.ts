import { Hono } from 'hono'
import type { Account } from '../../accounts/account.ts'
import type { RetryFailures } from '../../bridge/dead-letters/retry-failures.ts'
import type { ContactsForget } from '../../bridge/forget/contacts-forget.ts'
import { BridgeError, isRetryable } from '../../kernel/errors.ts'
import type { RunningImports } from '../../operators/contacts-import/running-imports.ts'
import type { SessionControl } from '../../operators/session-control.ts'
import { awayReason } from '../../state/redis/away.ts'
import type { ListSetAside } from '../../state/set-aside/set-aside.ts'
import { type AccountViews, createAccountRoutes } from './account-view.ts'
import { createFailureRoutes, type FailureRoutesDeps } from './failure-routes.ts'
import { createMessageRoutes, type Look } from './message-routes.ts'
import { createContactsRoutes, createPeopleRoutes } from './people-routes.ts'
import { createQueueRoutes, type ShowQueues } from './queue-routes.ts'
import { BadQueryError } from './read-query.ts'
import { createAllSessionRoutes, createSessionRoutes } from './session-routes.ts'
import { type RequireSignInDeps, requireSignInForApi } from './sign-in/require-sign-in.ts'

export type AdminApiOptions = {
  /** Who is let in. */
  requireSignIn: RequireSignInDeps
  accounts: readonly Account[]
  views: Pick<AccountViews, 'of'>
  sessions: SessionControl
  imports: RunningImports
  failures: FailureRoutesDeps['failures']
  retryFailures: RetryFailures
  forget: ContactsForget
  journal: Look
  listSetAside: ListSetAside
  showQueues: ShowQueues
}

/** `/admin/api`: everything as JSON, for those who have the token or are signed in. */
export function createAdminApi(options: AdminApiOptions): Hono {
  const { accounts, views, sessions, imports, failures, retryFailures, forget, journal } = options
  const ids = accounts.map(({ id }) => id)
  const app = new Hono()
  app.use('*', requireSignInForApi(options.requireSignIn))
  app.route('/accounts', createAccountRoutes({ accounts, views }))
  app.route('/accounts', createSessionRoutes({ accounts, sessions }))
  app.route('/accounts', createContactsRoutes({ accounts, imports }))
  app.route('/sessions', createAllSessionRoutes({ accounts }))
  app.route('/failures', createFailureRoutes({ accounts: ids, failures, retryFailures }))
  app.route('/people', createPeopleRoutes({ accounts: ids, forget }))
  app.route('/messages', createMessageRoutes({ accounts: ids, journal }))
  app.route('/queues', createQueueRoutes({ accounts: ids, showQueues: options.showQueues }))
  app.get('/set-aside', async (c) =>
    c.json({ setAside: await options.listSetAside({ isRedisAway: false }) }),
  )
  app.onError((error, c) => {
    if (error instanceof BadQueryError) return c.json({ error: error.message }, 400)
    if (error instanceof BridgeError && isRetryable(error)) {
      return c.json({ error: error.message, code: error.code }, 503)
    }
    const away = awayReason(error)
    if (away !== undefined) return c.json({ error: redisAway(away), code: 'redis.away' }, 503)
    throw error
  })
  return app
}

function redisAway(reason: string): string {
  return `Redis is away (${reason}), and with it what waits and what failed. Webhooks wait on disk until it is back.`
}
