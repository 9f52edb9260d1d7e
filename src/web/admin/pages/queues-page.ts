import { z } from 'zod'
import type { Clock } from '../../../kernel/clock.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { QueuesView, ShowQueues, WaitsFor } from '../queue-routes.ts'
import { positive } from '../read-query.ts'
import type { Page } from './layout.ts'
import { addressWith, DIRECTIONS, filterForm } from './parts/filter.ts'
import { type Html, html, nothing } from './parts/html.ts'
import { ago, clockTime, duration, timeOfDay } from './parts/times.ts'

/** A filter of an old bookmark or a hand-written address shows everything instead of nothing. */
export const queuesQuery = z.object({
  account: z.string().optional().catch(undefined),
  direction: z.enum(['in', 'out', 'status']).optional().catch(undefined),
  cursor: positive.optional().catch(undefined),
})

type QueuesPageQuery = z.output<typeof queuesQuery>

type QueuesPageDeps = {
  accounts: readonly AccountId[]
  showQueues: ShowQueues
  clock: Clock
}

const PATH = '/admin/queues'
const PAGE = 25

/** `/admin/queues`: what waits, and for what. */
export function createQueuesPage({ accounts, showQueues, clock }: QueuesPageDeps) {
  return async (given: QueuesPageQuery): Promise<Page> => {
    const account = accounts.find((id) => id === given.account)
    const isOne = account !== undefined && given.direction !== undefined
    const query = { account, direction: given.direction, cursor: isOne ? given.cursor : undefined }
    const { queues, lanes, cursor } = await showQueues(query, PAGE)
    const busy = queues.filter((queue) => queue.lanes > 0 || queue.failures > 0)
    return {
      title: 'Queues',
      content: html`<h1>Queues</h1>
<p class="lead">What waits. Each chat has a lane each way, which is worked off strictly in order.</p>
${filterForm(PATH, accounts, query)}
${busy.length === 0 ? html`<p class="empty">Nothing waits, and nothing has failed.</p>` : queueTable(busy)}
${lanes.length === 0 ? nothing : laneTable(lanes, captionOf(query, lanes.length), clock.now())}
${pager(query, cursor)}
${isOne || lanes.length < PAGE ? nothing : html`<p class="lead">There may be more lanes. Choose an account and a way to page through all of them.</p>`}`,
    }
  }
}

function captionOf({ account, direction, cursor = 0 }: QueuesPageQuery, count: number): string {
  return account === undefined || direction === undefined
    ? 'The lanes that have waited longest'
    : `Lanes ${cursor + 1} to ${cursor + count}, those that have waited longest first`
}

function queueTable(queues: QueuesView['queues']): Html {
  return html`<table class="list">
<caption>Accounts, each way</caption>
<thead><tr><th scope="col">Account</th><th scope="col">Way</th><th scope="col">Lanes</th><th scope="col">Entries</th>
<th scope="col">Oldest</th><th scope="col" class="word">In hand</th><th scope="col">Waits for</th><th scope="col">Failures</th></tr></thead>
<tbody>${queues.map(queueRow)}</tbody>
</table>`
}

function queueRow(queue: QueuesView['queues'][number]): Html {
  const { account, direction, lanes, entries, oldestSeconds, inHand, waitsFor, failures } = queue
  const of = html`<span class="sr-only"> of ${account}, ${DIRECTIONS[direction]}</span>`
  const here = addressWith(PATH, { account, direction })
  const failed = addressWith('/admin/failures', { account, direction })
  return html`<tr id="queue-${account}-${direction}">
<td data-label="Account"><a href="/admin/accounts/${account}">${account}</a></td>
<td data-label="Way" class="word">${DIRECTIONS[direction]}</td>
<td data-label="Lanes" class="number">${lanes === 0 ? 'none' : html`<a href="${here}">${lanes}${of}</a>`}</td>
<td data-label="Entries" class="number">${entries}</td>
<td data-label="Oldest" class="word">${lanes === 0 ? '–' : duration(oldestSeconds)}</td>
<td data-label="In hand" class="number">${inHand}</td>
<td data-label="Waits for">${waitsFor === null ? '–' : wordsOf(waitsFor, direction)}</td>
<td data-label="Failures" class="number">${failures === 0 ? 'none' : html`<a class="failed" href="${failed}">${failures}${of}</a>`}</td>
</tr>`
}

function laneTable(lanes: QueuesView['lanes'], caption: string, now: number): Html {
  return html`<table class="list">
<caption>${caption}</caption>
<thead><tr><th scope="col">Account</th><th scope="col">Way</th><th scope="col">Chat</th><th scope="col">Entries</th>
<th scope="col">Oldest</th><th scope="col">Waits for</th></tr></thead>
<tbody>${lanes.map((lane) => laneRow(lane, now))}</tbody>
</table>`
}

function laneRow(lane: QueuesView['lanes'][number], now: number): Html {
  const { account, direction, chat, entries, oldestAt, inHand, waitsFor } = lane
  return html`<tr>
<td data-label="Account"><a href="/admin/accounts/${account}">${account}</a></td>
<td data-label="Way" class="word">${DIRECTIONS[direction]}</td>
<td data-label="Chat">${chat}</td>
<td data-label="Entries" class="number">${entries}</td>
<td data-label="Oldest" class="word">${ago(Date.parse(oldestAt), now)}</td>
<td data-label="Waits for">${inHand ? 'nothing, it is in hand' : waitsFor.map((each) => html`<span class="line">${wordsOf(each, direction)}</span>`)}</td>
</tr>`
}

function wordsOf(waits: WaitsFor, direction: keyof typeof DIRECTIONS): Html {
  switch (waits.what) {
    case 'session':
      return html`the WhatsApp session, which has been down since ${clockTime(Date.parse(waits.since))}`
    case 'chatwoot':
      return html`Chatwoot, which is out of order`
    case 'retry':
      return html`a retry at ${timeOfDay(Date.parse(waits.at))}, after ${waits.attempts} failed ${waits.attempts === 1 ? 'attempt' : 'attempts'}`
    case 'earlier':
      return html`what belongs before it, or an answer, until ${timeOfDay(Date.parse(waits.at))}`
    case 'readable':
      return html`a release that can read it`
    case 'turn':
      return direction === 'out' ? html`its turn to be sent` : html`a free worker`
  }
}

function pager({ account, direction, cursor }: QueuesPageQuery, next: number | null): Html {
  if (next === null && cursor === undefined) return nothing
  const first = addressWith(PATH, { account, direction })
  return html`<nav class="pager" aria-label="Further lanes">
${cursor === undefined ? nothing : html`<a href="${first}">Longest waiting</a>`}
${next === null ? nothing : html`<a href="${addressWith(PATH, { account, direction, cursor: next })}">Next</a>`}
</nav>`
}
