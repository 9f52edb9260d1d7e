import { type Context, Hono } from 'hono'
import type { RetryFailures } from '../../delivery/failures/retry-failures.ts'
import type { AccountId } from '../../ids.ts'
import { ownPage } from '../own-page.ts'
import type { SignedIn } from '../sign-in/admit.ts'
import { failureQuery, filterOf } from './failures-page.ts'
import type { Notices } from './notices.ts'

export type FailureFormsDeps = {
  accounts: readonly AccountId[]
  retryFailures: RetryFailures
  notices: Notices
}

const GONE = 'It is not there any more: somebody retried or discarded it.'

/** What the buttons beside dead letters do. */
export function createFailureForms({ accounts, retryFailures, notices }: FailureFormsDeps) {
  const app = new Hono<SignedIn>()

  app.post('/retry', async (c) => {
    const form = await c.req.parseBody()
    const count = await retryFailures.retryAll(filterOf(accounts, failureQuery.parse(form)))
    const text = `${count} ${count === 1 ? 'message is' : 'messages are'} tried again.`
    return done(c, notices, { isDone: true, text })
  })

  app.post('/:id/retry', async (c) => {
    const isDone = await retryFailures.retry(c.req.param('id'))
    return done(c, notices, { isDone, text: isDone ? 'It is tried again.' : GONE })
  })

  app.post('/:id/discard', async (c) => {
    const isDone = await retryFailures.discard(c.req.param('id'))
    return done(c, notices, { isDone, text: isDone ? 'It is discarded.' : GONE })
  })
  return app
}

async function done(
  c: Context<SignedIn>,
  notices: Notices,
  { isDone, text }: { isDone: boolean; text: string },
): Promise<Response> {
  notices.leave(c.get('ticket'), { kind: isDone ? 'done' : 'problem', text })
  const { back } = await c.req.parseBody()
  return c.redirect(ownPage(back, '/admin/failures'), 303)
}
