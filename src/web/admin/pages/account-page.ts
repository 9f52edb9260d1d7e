import type { Account } from '../../../accounts/account.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { webhookAddress } from '../../../platforms/webhook-address.ts'
import type { Failures } from '../../../queue/dead-letters/failures.ts'
import type { AccountViews, Health, KnownOfAccount } from '../account-view.ts'
import { summaryOf } from '../failure-routes.ts'
import type { Traffic } from '../traffic.ts'
import { failureTable } from './failure-table.ts'
import type { Page } from './layout.ts'
import { inboxOf, pausedLine, phoneOf, sessionBadge, trafficFacts } from './parts/account-bits.ts'
import { trafficChart } from './parts/chart.ts'
import { type Html, html, nothing } from './parts/html.ts'
import type { SessionPanel } from './session-panel.ts'
import { inboxPoint, REDIS_AWAY } from './verdict.ts'

export type AccountPageDeps = {
  views: Pick<AccountViews, 'known'>
  health: () => Promise<Health>
  failures: Pick<Failures, 'list'>
  traffic: Traffic
  panel: SessionPanel
  /** How both platforms reach the bridge. */
  publicUrl: string
  clock: Clock
}

/** So many of the latest failures are shown here; the others have a page of their own. */
const FAILURES = 5

/** `/admin/accounts/{id}`: one account, its session and what moves through it. */
export function createAccountPage(deps: AccountPageDeps) {
  const { views, health, failures, traffic, panel, clock } = deps

  async function failuresOf({ id }: Account, formToken: string): Promise<Html> {
    const found = await failures.list({ accounts: [id], limit: FAILURES })
    const back = `/admin/accounts/${id}`
    const table = { caption: 'The latest', formToken, now: clock.now(), back }
    return html`<section aria-labelledby="failures"><h2 id="failures">Failures</h2>
${failureTable(found.failures.map(summaryOf), table)}
${found.cursor === undefined ? nothing : html`<p><a href="/admin/failures?account=${id}">All failures of ${id}</a></p>`}
</section>`
  }

  return async (account: Account, formToken: string): Promise<Page | undefined> => {
    const { problems } = await health()
    const isRedisAway = problems.redis !== undefined
    const [view] = await views.known([account], isRedisAway)
    if (view === undefined) return undefined
    const { id, paused = null } = view
    return {
      title: id,
      content: html`<p class="crumbs"><a href="/admin">Overview</a></p>
<div class="title"><h1>${id}</h1>${sessionBadge(view.session)}</div>
${isRedisAway ? html`<p class="paused">${REDIS_AWAY} What waits and what failed cannot be told.</p>` : nothing}
${pausedLine(paused)}
${inboxLine(view)}
${limitLines(view)}
<div class="columns">
${panel(account, view.session, formToken)}
<div class="stack"><section aria-labelledby="traffic"><h2 id="traffic">Traffic</h2>
${trafficChart(traffic.of(id).bars, id)}
<dl class="facts">
${trafficFacts(view.waiting, traffic.of(id), clock.now())}
${openLidsFact(view)}
</dl>
</section>
${setUpFacts(account, view, deps.publicUrl)}
</div></div>
${isRedisAway ? nothing : failuresOf(account, formToken)}`,
    }
  }
}

/** What is wrong with Chatwoot; the session has a section of its own. */
function inboxLine(view: KnownOfAccount): Html {
  const point = inboxPoint(view)
  return point === undefined ? nothing : html`<p class="paused">${point.text} ${point.todo}</p>`
}

function limitLines({ limits = [] }: KnownOfAccount): Html {
  return html`${limits.map(({ what, helps }) => html`<p class="paused">${what} ${helps}</p>`)}`
}

/** Nothing is to be done about them, so that nobody is told while there is none. */
function openLidsFact({ openLids = 0 }: KnownOfAccount): Html {
  return openLids === 0
    ? nothing
    : html`<div><dt>Customers without a number</dt><dd>${openLids}; it is asked for again</dd></div>`
}

function setUpFacts({ baseUrls, id }: Account, view: KnownOfAccount, publicUrl: string): Html {
  return html`<section aria-labelledby="set-up"><h2 id="set-up">Set-up</h2>
<dl class="facts">
<div><dt>WhatsApp number</dt><dd>${phoneOf(view.session)}</dd></div>
<div><dt>Inbox</dt><dd>${inboxOf(view.inbox)}</dd></div>
<div><dt>Chatwoot</dt><dd>${baseUrls.chatwoot}</dd></div>
<div><dt>WasenderAPI</dt><dd>${baseUrls.wasender}</dd></div>
</dl>
<dl class="facts one">
<div><dt>Webhook of WasenderAPI</dt><dd><code>${webhookAddress(publicUrl, 'wasender', id)}</code></dd></div>
<div><dt>Webhook of Chatwoot</dt><dd><code>${webhookAddress(publicUrl, 'chatwoot', id)}</code></dd></div>
</dl></section>`
}
