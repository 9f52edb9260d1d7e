import type { Clock } from '../../clock.ts'
import type { Failure } from '../../delivery/failures/stored-failure.ts'
import { summaryOf } from '../failure-view.ts'
import { DIRECTIONS, failureActions, whatOf } from './failure-table.ts'
import type { Page } from './layout.ts'
import { type Html, html, nothing } from './parts/html.ts'
import { shownChat } from './parts/shown-chat.ts'
import { ago, clockTime, duration } from './parts/times.ts'

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
