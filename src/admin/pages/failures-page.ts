import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { FailureFilter, Failures } from '../../delivery/failures/failures.ts'
import type { AccountId } from '../../ids.ts'
import { summaryOf } from '../failure-view.ts'
import { positive } from '../read-query.ts'
import { DIRECTIONS, failureTable } from './failure-table.ts'
import type { Page } from './layout.ts'
import { askFirst } from './parts/forms.ts'
import { type Html, html, nothing, raw } from './parts/html.ts'

/** A filter of an old bookmark or a hand-written address shows everything instead of nothing. */
export const failureQuery = z.object({
  account: z.string().optional().catch(undefined),
  direction: z.enum(['in', 'out', 'status']).optional().catch(undefined),
  cursor: positive.optional().catch(undefined),
})

export type FailureQuery = z.output<typeof failureQuery>

export type FailuresPageDeps = {
  accounts: readonly AccountId[]
  failures: Pick<Failures, 'list'>
  clock: Clock
}

const PAGE = 25

/** Which dead letters a query means. */
export function filterOf(
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
${filterForm(accounts, query)}
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

function filterForm(accounts: readonly AccountId[], { account, direction }: FailureQuery): Html {
  return html`<form class="filter" method="get" action="/admin/failures" role="search" aria-label="Filter">
<label>Account <select name="account"><option value="">All</option>
${accounts.map((id) => option(id, id, account))}</select></label>
<label>Way <select name="direction"><option value="">All</option>
${Object.entries(DIRECTIONS).map(([value, name]) => option(value, name, direction))}</select></label>
<button class="button">Show</button>
</form>`
}

function option(value: string, name: string, chosen: string | undefined): Html {
  return html`<option value="${value}" ${value === chosen ? raw('selected') : nothing}>${name}</option>`
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
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  return search.size === 0 ? '/admin/failures' : `/admin/failures?${search}`
}
