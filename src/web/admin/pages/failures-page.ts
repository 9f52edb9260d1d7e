import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { RetryFailures } from '../../../bridge/dead-letters/retry-failures.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Failure, FailureFilter, Failures } from '../../../queue/dead-letters/failures.ts'
import { summaryOf } from '../failure-routes.ts'
import { ownPage, positive } from '../read-query.ts'
import type { SignedIn } from '../sign-in/require-sign-in.ts'
import { failureActions, failureTable, whatOf } from './failure-table.ts'
import type { Page } from './layout.ts'
import type { Notices } from './notices.ts'
import { addressWith, DIRECTIONS, filterForm } from './parts/filter.ts'
import { askFirst } from './parts/forms.ts'
import { type Html, html, nothing } from './parts/html.ts'
import { shownChat } from './parts/shown-chat.ts'
import { ago, clockTime, duration } from './parts/times.ts'

/** A filter of an old bookmark or a hand-written address shows everything instead of nothing. */
export const failureQuery = z.object({
  account: z.string().optional().catch(undefined),
  direction: z.enum(['in', 'out', 'status']).optional().catch(undefined),
  cursor: positive.optional().catch(undefined),
})

type FailureQuery = z.output<typeof failureQuery>

type FailuresPageDeps = {
  accounts: readonly AccountId[]
  failures: Pick<Failures, 'list'>
  clock: Clock
}

const PAGE = 25

/** Which dead letters a query means. */
function filterOf(
  accounts: readonly AccountId[],
  { account, direction }: Pick<FailureQuery, 'account' | 'direction'>,
): FailureFilter {
  const chosen = accounts.filter((id) => id === account)
  return { accounts: chosen.length === 0 ? accounts : chosen, direction }
}

/** `/admin/failures`: what was given up, with what can be done about it. */
export function createFailuresPage({ accounts, failures, clock }: FailuresPageDeps) {
  return async (query: FailureQuery, formToken: string): Promise<Page> => {
    const filter = filterOf(accounts, query)
    const found = await failures.list({ ...filter, cursor: query.cursor, limit: PAGE })
    const rows = found.failures.map(summaryOf)
    const table = { caption: 'Newest first', formToken, now: clock.now(), back: addressOf(query) }
    return {
      title: 'Failures',
      content: html`<div class="title"><h1>Failures</h1>
${rows.length === 0 ? nothing : askFirst(retryAll(query), formToken)}</div>
<p class="lead">Messages the bridge gave up. A retry puts one back at its place in its conversation.</p>
${filterForm('/admin/failures', accounts, query)}
${failureTable(rows, table)}
${pager(query, found.cursor)}`,
    }
  }
}

function retryAll({ account, direction }: FailureQuery) {
  const some = account !== undefined || direction !== undefined
  return {
    id: 'retry-all',
    path: '/admin/failures/retry',
    label: some ? 'Retry all of these' : 'Retry all',
    title: 'Retry all of them?',
    text: some
      ? 'Every failure that matches the filter, also on further pages, is tried again in its old order.'
      : 'Every failure of every account is tried again in its old order.',
    confirm: 'Retry all',
    look: 'primary' as const,
    fields: { account, direction, back: addressOf({ account, direction }) },
  }
}

function pager(query: FailureQuery, cursor: number | undefined): Html {
  if (cursor === undefined && query.cursor === undefined) return nothing
  const newest = { account: query.account, direction: query.direction }
  return html`<nav class="pager" aria-label="Further failures">
${query.cursor === undefined ? nothing : html`<a href="${addressOf(newest)}">Newest</a>`}
${cursor === undefined ? nothing : html`<a href="${addressOf({ ...newest, cursor })}">Older</a>`}
</nav>`
}

function addressOf(query: FailureQuery): string {
  return addressWith('/admin/failures', query)
}

/** `/admin/failures/{id}`: one dead letter with everything but what it says. */
export function failurePage(failure: Failure, formToken: string, clock: Clock): Page {
  const summary = summaryOf(failure)
  const { account, direction, chat, code, reason, attempts, messageId, whatsappId } = summary
  const [receivedAt, failedAt] = [Date.parse(summary.receivedAt), Date.parse(summary.failedAt)]
  return {
    title: `Failure of ${account}`,
    content: html`<p class="crumbs"><a href="/admin/failures">Failures</a></p>
<div class="title"><h1>${whatOf(summary)}</h1>${failureActions(summary, { formToken, back: '/admin/failures' })}</div>
<p class="reason">${reason}</p>
<dl class="facts wide">
<div><dt>Account</dt><dd><a href="/admin/accounts/${account}">${account}</a></dd></div>
<div><dt>Way</dt><dd>${DIRECTIONS[direction]}</dd></div>
<div><dt>Chat</dt><dd>${shownChat(chat)}</dd></div>
<div><dt>Reason</dt><dd><code>${code}</code></dd></div>
<div><dt>Attempts</dt><dd>${attempts}, over ${duration((failedAt - receivedAt) / 1000)}</dd></div>
${messageId === undefined ? nothing : idRow('Chatwoot message', account, String(messageId))}
${whatsappId === undefined ? nothing : idRow('WhatsApp id', account, whatsappId)}
</dl>
<h2>What happened</h2>
<ol class="timeline">
<li><span>Received</span> ${ago(receivedAt, clock.now())}<small>${clockTime(receivedAt)}</small></li>
<li class="bad"><span>Given up</span> ${ago(failedAt, clock.now())}<small>${clockTime(failedAt)}</small></li>
</ol>`,
  }
}

function idRow(name: string, account: string, id: string): Html {
  const search = new URLSearchParams({ account, id })
  return html`<div><dt>${name}</dt><dd><a href="/admin/messages?${search.toString()}"><code>${id}</code></a></dd></div>`
}

type FailureFormsDeps = {
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
  notices.leave(c.get('adminSession'), { kind: isDone ? 'done' : 'problem', text })
  const { back } = await c.req.parseBody()
  return c.redirect(ownPage(back, '/admin/failures'), 303)
}
