import { Hono } from 'hono'
import type { Account } from '../account.ts'
import { BridgeError, isRetryable } from '../errors.ts'
import { awayReason } from '../redis/away.ts'
import type { ListSetAside } from '../set-aside/list-set-aside.ts'
import { createAccountRoutes } from './account-routes.ts'
import type { AccountViews } from './account-view.ts'
import { createAllSessionRoutes } from './all-session-routes.ts'
import { type ContactsRoutesDeps, createContactsRoutes } from './contacts-routes.ts'
import { createFailureRoutes, type FailureRoutesDeps } from './failure-routes.ts'
import type { Look } from './find-messages.ts'
import { createMessageRoutes } from './message-routes.ts'
import { createPeopleRoutes, type PeopleRoutesDeps } from './people-routes.ts'
import { BadQueryError } from './read-query.ts'
import { createSessionRoutes, type SessionRoutesDeps } from './session-routes.ts'
import { type AdmitDeps, admitToApi } from './sign-in/admit.ts'

export type AdminApiOptions = AdmitDeps &
  SessionRoutesDeps &
  ContactsRoutesDeps &
  Omit<FailureRoutesDeps, 'accounts'> &
  Omit<PeopleRoutesDeps, 'accounts'> & {
    accounts: readonly Account[]
    views: Pick<AccountViews, 'of'>
    journal: Look
    listSetAside: ListSetAside
  }

/** `/admin/api`: everything as JSON, for those who have the token or are signed in. */
export function createAdminApi(options: AdminApiOptions): Hono {
  const ids = options.accounts.map(({ id }) => id)
  const app = new Hono()
  app.use('*', admitToApi(options))
  app.route('/accounts', createAccountRoutes(options))
  app.route('/accounts', createSessionRoutes(options))
  app.route('/accounts', createContactsRoutes(options))
  app.route('/sessions', createAllSessionRoutes(options))
  app.route('/failures', createFailureRoutes({ ...options, accounts: ids }))
  app.route('/people', createPeopleRoutes({ ...options, accounts: ids }))
  app.route('/messages', createMessageRoutes({ ...options, accounts: ids }))
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
