import type { AccountView } from '../../account-view.ts'
import { isProblem } from '../../platform-looks.ts'
import type { AccountTraffic } from '../../traffic.ts'
import { type Html, html, nothing } from './html.ts'
import { sessionWords } from './session-words.ts'
import { ago, clockTime, duration } from './times.ts'

/** The state of a session as a word with a mark beside it, so that it is not told by colour alone. */
export function sessionBadge(session: AccountView['session']): Html {
  if (isProblem(session)) return html`<span class="badge bad">No answer</span>`
  const { label, tone } = sessionWords(session.status)
  return html`<span class="badge ${tone}">${label}</span>`
}

export function phoneOf(session: AccountView['session']): string {
  return isProblem(session) ? '–' : (session.phone ?? '–')
}

export function inboxOf(inbox: AccountView['inbox']): string {
  return isProblem(inbox) ? 'No answer' : `${inbox.name} (${inbox.id})`
}

/** What waits in one direction. */
export function waitingOf(waiting: AccountView['waiting'], direction: 'in' | 'out'): Html {
  const { count, oldestSeconds } = waiting[direction] ?? { count: 0, oldestSeconds: 0 }
  if (count === 0) return html`none`
  return html`${count}, the oldest for ${duration(oldestSeconds)}`
}

const ISO = /\d{4}-\d\d-\d\dT[\d:.]+Z/g

/** Why nothing moves, with its times as people read them. */
export function pausedLine(paused: string | null): Html {
  if (paused === null) return nothing
  const text = paused.replaceAll(ISO, (iso) => clockTime(Date.parse(iso)))
  return html`<p class="paused">${text}</p>`
}

/** When something last moved. */
export function lastOf(at: AccountTraffic['lastIn'], now: number): Html {
  return at === undefined ? html`not since the start` : ago(at, now)
}
