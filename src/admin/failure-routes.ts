import { Hono } from 'hono'
import { z } from 'zod'
import type { FailureFilter, Failures } from '../delivery/failures/failures.ts'
import type { RetryFailures } from '../delivery/failures/retry-failures.ts'
import type { AccountId } from '../ids.ts'
import { detailOf, summaryOf } from './failure-view.ts'
import { badQuery, positive, positiveUpTo, readQuery } from './read-query.ts'

export type FailureRoutesDeps = {
  accounts: readonly AccountId[]
  failures: Pick<Failures, 'list' | 'get'>
  retryFailures: RetryFailures
}

const PAGE = 50
const MAX_PAGE = 500

const filterQuery = z.object({
  account: z.string().optional(),
  direction: z.enum(['in', 'out', 'status'], { error: 'expected in, out or status' }).optional(),
})
const listQuery = filterQuery.extend({
  cursor: positive.optional(),
  limit: positiveUpTo(MAX_PAGE).default(PAGE),
})

const missing = {
  error: 'There is no such failure (any more): the list of failures shows what there is.',
} as const

/** Dead letters: list, show, retry one or all, discard. */
export function createFailureRoutes(deps: FailureRoutesDeps): Hono {
  const { accounts, failures, retryFailures } = deps
  const app = new Hono()

  function filterOf({ account, direction }: z.output<typeof filterQuery>): FailureFilter {
    const chosen = accounts.filter((id) => account === undefined || id === account)
    if (chosen.length === 0) throw badQuery('account: there is none of that name')
    return { accounts: chosen, direction }
  }

  app.get('/', async (c) => {
    const query = readQuery(c, listQuery)
    const { limit } = query
    const page = await failures.list({ ...filterOf(query), cursor: query.cursor, limit })
    return c.json({ failures: page.failures.map(summaryOf), cursor: page.cursor ?? null })
  })

  app.post('/retry', async (c) => {
    const retried = await retryFailures.retryAll(filterOf(readQuery(c, filterQuery)))
    return c.json({ retried })
  })

  app.get('/:id', async (c) => {
    const failure = await failures.get(c.req.param('id'))
    return failure === undefined ? c.json(missing, 404) : c.json(detailOf(failure))
  })

  app.post('/:id/retry', async (c) => {
    const found = await retryFailures.retry(c.req.param('id'))
    return found ? c.json({ retried: 1 }) : c.json(missing, 404)
  })

  app.delete('/:id', async (c) => {
    const found = await retryFailures.discard(c.req.param('id'))
    return found ? c.json({ discarded: 1 }) : c.json(missing, 404)
  })
  return app
}
