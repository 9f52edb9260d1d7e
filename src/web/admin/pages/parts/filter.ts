import type { AccountId } from '../../../../kernel/ids.ts'
import type { Direction } from '../../../../queue/entry.ts'
import { type Html, html, nothing, raw } from './html.ts'

/** Where something goes, as an admin reads it. */
export const DIRECTIONS: Readonly<Record<Direction, string>> = {
  in: 'To Chatwoot',
  out: 'To WhatsApp',
  status: 'Receipt',
}

/** Narrows a page down to an account and a way; an address of its own, so that it works without a script. */
export function filterForm(
  path: string,
  accounts: readonly AccountId[],
  { account, direction }: { account?: string | undefined; direction?: string | undefined },
): Html {
  return html`<form class="filter" method="get" action="${path}" role="search" aria-label="Filter">
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

/** The address of a page with what narrows it down. */
export function addressWith(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  return search.size === 0 ? path : `${path}?${search}`
}
