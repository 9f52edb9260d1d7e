import type { AccountView } from '../../account-view.ts'
import { isProblem, type Problem } from '../../platform-looks.ts'
import type { AccountTraffic } from '../../traffic.ts'
import { type Html, html, nothing } from './html.ts'
import { sessionWords } from './session-words.ts'
import { ago, clockTime, duration } from './times.ts'

const PROBLEMS: Readonly<Record<Problem['kind'], string>> = {
  'no-answer': 'No answer',
  refused: 'Refused',
}

/** The state of a session as a word with a mark beside it, so that it is not told by colour alone. */
export function sessionBadge(session: AccountView['session']): Html {
  if (isProblem(session)) return html`<span class="badge bad">${PROBLEMS[session.kind]}</span>`
  const { label, tone } = sessionWords(session.status)
  return html`<span class="badge ${tone}">${label}</span>`
}

export function phoneOf(session: AccountView['session']): string {
  return isProblem(session) ? '–' : (session.phone ?? '–')
}

export function inboxOf(inbox: AccountView['inbox']): string {
  return isProblem(inbox) ? PROBLEMS[inbox.kind] : `${inbox.name} (${inbox.id})`
}

/** What waits in one direction. */
function waitingOf(waiting: AccountView['waiting'], direction: 'in' | 'out'): Html {
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

/** What waits, unless that cannot be told, and when something last moved. */
export function trafficFacts(
  waiting: AccountView['waiting'] | undefined,
  { lastIn, lastOut }: Pick<AccountTraffic, 'lastIn' | 'lastOut'>,
  now: number,
): Html {
  const waits = (direction: 'in' | 'out') => waiting && waitingOf(waiting, direction)
  return html`${fact('Waiting in', waits('in'))}
${fact('Waiting out', waits('out'))}
${fact('Last in', lastOf(lastIn, now))}
${fact('Last out', lastOf(lastOut, now))}`
}

function fact(name: string, value: Html | undefined): Html {
  return value === undefined ? nothing : html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** When something last moved. */
function lastOf(at: AccountTraffic['lastIn'], now: number): Html {
  return at === undefined ? html`not since the start` : ago(at, now)
}
