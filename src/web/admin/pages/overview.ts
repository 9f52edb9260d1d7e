import type { Account } from '../../../accounts/account.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { ListSetAside } from '../../../state/set-aside/set-aside.ts'
import type { AccountViews, Health, KnownOfAccount } from '../account-view.ts'
import type { Traffic } from '../traffic.ts'
import type { Page } from './layout.ts'
import { inboxOf, pausedLine, phoneOf, sessionBadge, trafficFacts } from './parts/account-bits.ts'
import { trafficChart } from './parts/chart.ts'
import { type Html, html, nothing } from './parts/html.ts'
import { type Point, total, type Verdict, verdictOn } from './verdict.ts'

export type OverviewDeps = {
  accounts: readonly Account[]
  views: AccountViews
  health: () => Promise<Health>
  traffic: Traffic
  listSetAside: ListSetAside
  clock: Clock
}

/** `/admin`: one sentence about everything, then each account. */
export function createOverview(deps: OverviewDeps) {
  const { accounts, views, health } = deps
  return async (): Promise<Page> => {
    const { names, problems, hints } = await health()
    const isRedisAway = problems.redis !== undefined
    const [known, setAside] = await Promise.all([
      views.known(accounts, isRedisAway),
      deps.listSetAside({ isRedisAway }),
    ])
    return {
      title: 'Overview',
      content: html`${headline(verdictOn(known, problems, { setAside, hints }))}
<section aria-labelledby="accounts"><h2 id="accounts">Accounts</h2>
<ul class="cards">${known.map((each) => card(each, deps))}</ul>
</section>
<section aria-labelledby="bridge"><h2 id="bridge">The bridge itself</h2>
<ul class="health">${names.map((name) => part(name, problems[name] === undefined))}</ul>
</section>`,
    }
  }
}

const PARTS: Readonly<Record<string, string>> = {
  redis: 'Redis',
  store: 'Storage',
  spool: 'Spool',
  workers: 'Workers',
}

function part(name: string, isWell: boolean): Html {
  const said = isWell ? 'fine' : 'needs help'
  return html`<li><span class="badge ${isWell ? 'good' : 'bad'}">${PARTS[name] ?? name}: ${said}</span></li>`
}

function headline({ tone, sentence, points }: Verdict): Html {
  return html`<section class="verdict ${tone}" aria-labelledby="verdict">
<h1 id="verdict">${sentence}</h1>
${points.length === 0 ? nothing : html`<ul class="points">${points.map(pointLine)}</ul>`}
</section>`
}

function pointLine({ text, todo, path }: Point): Html {
  const does = todo === undefined ? nothing : html` <span class="todo">${todo}</span>`
  return html`<li>${path === undefined ? text : html`<a href="${path}">${text}</a>`}${does}</li>`
}

function card(account: KnownOfAccount, { traffic, clock }: OverviewDeps): Html {
  const { id, session, inbox, waiting, failures, paused } = account
  const { bars } = traffic.of(id)
  const now = clock.now()
  return html`<li class="card" id="account-${id}">
<div class="card-head"><h3><a href="/admin/accounts/${id}">${id}</a></h3>${sessionBadge(session)}</div>
<dl class="facts">
<div><dt>WhatsApp</dt><dd>${phoneOf(session)}</dd></div>
<div><dt>Inbox</dt><dd>${inboxOf(inbox)}</dd></div>
${trafficFacts(waiting, traffic.of(id), now)}
${failures === undefined ? nothing : html`<div><dt>Failures</dt><dd>${failuresOf(id, total(failures))}</dd></div>`}
</dl>
${pausedLine(paused ?? null)}
${trafficChart(bars, id)}
</li>`
}

function failuresOf(id: string, count: number): Html {
  if (count === 0) return html`none`
  return html`<a class="failed" href="/admin/failures?account=${id}">${count}<span class="sr-only"> of ${id}</span></a>`
}
