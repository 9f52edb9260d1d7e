import { Hono } from 'hono'
import { z } from 'zod'
import type { RetryFailures } from '../../bridge/dead-letters/retry-failures.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Failure, FailureFilter, Failures } from '../../queue/dead-letters/failures.ts'
import { laneOf } from '../../queue/entry.ts'
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

/** A dead letter as the list shows it: ids and facts, nothing of what was said. */
export type FailureSummary = {
  id: string
  account: string
  direction: Failure['direction']
  /** The chat, or the conversation when the chat is not known. */
  chat: string
  /** What it is: `message`, `status`, … */
  kind: string
  /** Chatwoot's ids, where the entry has them. */
  conversationId?: number
  messageId?: number
  /** WhatsApp's id, where the entry has it. */
  whatsappId?: string
  code: string
  reason: string
  attempts: number
  /** ISO 8601. */
  receivedAt: string
  failedAt: string
}

/** With the event itself, as it waited in its lane. */
type FailureDetail = FailureSummary & { event: unknown }

const number = z.number().optional().catch(undefined)

/** Where the ids stand in the various events of the lanes. */
const idsOf = z
  .looseObject({
    type: z.string().catch('unknown'),
    id: z.union([z.number(), z.string()]).optional().catch(undefined),
    messageId: number,
    conversationId: number,
    conversation: z.looseObject({ id: number }).optional().catch(undefined),
    key: z.looseObject({ id: z.string() }).optional().catch(undefined),
  })
  .catch({ type: 'unknown' })

export function summaryOf(failure: Failure): FailureSummary {
  const { id, account, direction, lane, code, message, failedAt, entry } = failure
  const ids = idsOf.parse(entry.event)
  const messageId = ids.messageId ?? (typeof ids.id === 'number' ? ids.id : undefined)
  const conversationId = ids.conversationId ?? ids.conversation?.id
  return {
    id,
    account,
    direction,
    chat: laneOf(lane).key,
    kind: ids.type,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(ids.key === undefined ? {} : { whatsappId: ids.key.id }),
    code,
    reason: message,
    attempts: entry.attempts + 1,
    receivedAt: new Date(entry.receivedAt).toISOString(),
    failedAt: new Date(failedAt).toISOString(),
  }
}

function detailOf(failure: Failure): FailureDetail {
  return { ...summaryOf(failure), event: failure.entry.event }
}
