import { Hono } from 'hono'
import type { Account } from '../account.ts'
import type { AccountViews } from './account-view.ts'

/** `GET /accounts`: how each account is. */
export function createAccountRoutes(deps: {
  accounts: readonly Account[]
  views: Pick<AccountViews, 'of'>
}): Hono {
  const app = new Hono()
  app.get('/', async (c) => c.json({ accounts: await deps.views.of(deps.accounts) }))
  return app
}
