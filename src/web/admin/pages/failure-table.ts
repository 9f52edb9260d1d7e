import type { FailureSummary } from '../failure-routes.ts'
import { DIRECTIONS } from './parts/filter.ts'
import { actionButton, askFirst } from './parts/forms.ts'
import { type Html, html } from './parts/html.ts'
import { shownChat } from './parts/shown-chat.ts'
import { ago } from './parts/times.ts'

/** What kind of thing it was, and where it stands in Chatwoot. */
export function whatOf({ kind, conversationId, messageId }: FailureSummary): string {
  return [
    kind,
    ...(conversationId === undefined ? [] : [`conversation ${conversationId}`]),
    ...(messageId === undefined ? [] : [`message ${messageId}`]),
  ].join(', ')
}

/** Dead letters as a table that becomes cards on a phone. */
export function failureTable(
  failures: readonly FailureSummary[],
  { caption, formToken, now, back }: TableOptions,
): Html {
  if (failures.length === 0)
    return html`<p class="empty">No failures. Nothing waits for you here.</p>`
  return html`<table class="list">
<caption>${caption}</caption>
<thead><tr><th scope="col">Account</th><th scope="col">Way</th><th scope="col">What</th>
<th scope="col">Reason</th><th scope="col">Attempts</th><th scope="col">Failed</th><th scope="col">Actions</th></tr></thead>
<tbody>${failures.map((failure) => row(failure, { formToken, now, back }))}</tbody>
</table>`
}

type TableOptions = {
  caption: string
  formToken: string
  now: number
  /** Where the buttons lead back to. */
  back: string
}

function row(failure: FailureSummary, options: Omit<TableOptions, 'caption'>): Html {
  const { id, account, direction, chat, reason, attempts, failedAt } = failure
  return html`<tr id="failure-${id}">
<td data-label="Account"><a href="/admin/accounts/${account}">${account}</a></td>
<td data-label="Way" class="word">${DIRECTIONS[direction]}</td>
<td data-label="What"><a href="/admin/failures/${id}">${whatOf(failure)}</a><small>${shownChat(chat)}</small></td>
<td data-label="Reason">${reason}</td>
<td data-label="Attempts" class="number">${attempts}</td>
<td data-label="Failed" class="word">${ago(Date.parse(failedAt), options.now)}</td>
<td data-label="Actions">${failureActions(failure, options)}</td>
</tr>`
}

/** Retry at once; discarding asks first. */
export function failureActions(
  failure: FailureSummary,
  { formToken, back }: Pick<TableOptions, 'formToken' | 'back'>,
): Html {
  const { id } = failure
  const of = whatOf(failure)
  const fields = { back }
  return html`<div class="actions">
${actionButton({ path: `/admin/failures/${id}/retry`, label: 'Retry', look: 'primary', of, fields }, formToken)}
${askFirst(
  {
    id: `discard-${id}`,
    path: `/admin/failures/${id}/discard`,
    label: 'Discard',
    look: 'danger',
    of,
    title: 'Discard this failure?',
    text: 'It is forgotten for good and can never be retried.',
    fields,
  },
  formToken,
)}
</div>`
}
