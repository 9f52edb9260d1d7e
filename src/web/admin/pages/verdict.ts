import type { KeptAside } from '../../../state/set-aside/set-aside.ts'
import type { AccountView, KnownOfAccount } from '../account-view.ts'
import { isProblem, type Problem } from '../platform-looks.ts'
import { sessionWords, type Tone } from './parts/session-words.ts'
import { duration } from './parts/times.ts'

/** Something to know or to do, said in a sentence. */
export type Point = {
  tone: Exclude<Tone, 'good'>
  text: string
  todo?: string | undefined
  /** Where it can be done. */
  path?: string
}

/** One sentence about everything, and what it is made of. */
export type Verdict = { tone: Tone; sentence: string; points: Point[] }

const ORDER: Readonly<Record<Point['tone'], number>> = { bad: 0, busy: 1 }

/** How long a message may wait before somebody is told. */
const LATE_S = 5 * 60

export const REDIS_AWAY =
  'Redis does not answer. Webhooks are kept on disk meanwhile, nothing is lost.'

/** What is said of something the bridge lacks, by its name in `/readyz`, and of the problem that is given there. */
const HEALTH: Readonly<Record<string, (problem: string) => Pick<Point, 'text' | 'todo'>>> = {
  redis: (problem) => ({ text: REDIS_AWAY, todo: problem }),
  store: (problem) => ({ text: problem }),
  spool: (problem) => ({ text: problem }),
  webhooks: (problem) => ({
    text: problem,
    todo: 'What customers wrote in them is on the phone. Agents’ messages are found again.',
  }),
  workers: (problem) => ({ text: problem }),
}

/** Dead letters of all directions. */
export function total(failures: AccountView['failures']): number {
  return failures.in + failures.out + failures.status
}

function says({ kind }: Problem): string {
  return kind === 'refused' ? 'refuses the bridge' : 'gives no answer'
}

type Check = (account: KnownOfAccount) => Point | undefined

const sessionPoint: Check = ({ id, session }) => {
  const path = `/admin/accounts/${id}`
  if (isProblem(session)) {
    return { tone: 'bad', path, text: `WasenderAPI ${says(session)} for ${id}: ${session.problem}` }
  }
  const { tone, sentence, todo } = sessionWords(session.status)
  return tone === 'good' ? undefined : { tone, path, text: `${id} ${sentence}`, todo }
}

/** What is wrong between an account and its Chatwoot. */
export const inboxPoint: Check = ({ id, inbox }) =>
  isProblem(inbox)
    ? {
        tone: 'bad',
        path: `/admin/accounts/${id}`,
        text: `Chatwoot ${says(inbox)} for ${id}: ${inbox.problem}`,
        todo: `Messages wait until ${inbox.kind === 'refused' ? 'that is mended' : 'it does'}.`,
      }
    : undefined

const failurePoint: Check = ({ id, failures }) => {
  const count = failures === undefined ? 0 : total(failures)
  if (count === 0) return undefined
  return {
    tone: 'busy',
    path: `/admin/failures?account=${id}`,
    text: `${count} ${count === 1 ? 'message' : 'messages'} of ${id} failed.`,
    todo: 'Read why, then retry or discard.',
  }
}

const latePoint: Check = ({ id, waiting = {} }) => {
  const oldest = Math.max(0, ...Object.values(waiting).map(({ oldestSeconds }) => oldestSeconds))
  if (oldest < LATE_S) return undefined
  return {
    tone: 'busy',
    path: `/admin/accounts/${id}`,
    text: `A message of ${id} has waited for ${duration(oldest)}.`,
  }
}

const limitPoint =
  (place: number): Check =>
  ({ id, limits = [] }) => {
    const limit = limits[place]
    if (limit === undefined) return undefined
    const path = `/admin/accounts/${id}`
    return { tone: 'busy', path, text: `${id}: ${limit.what}`, todo: limit.helps }
  }

const CHECKS: readonly Check[] = [
  sessionPoint,
  inboxPoint,
  limitPoint(0),
  limitPoint(1),
  failurePoint,
  latePoint,
]

/** What an admin has to know first. */
export function verdictOn(
  accounts: readonly KnownOfAccount[],
  problems: Readonly<Record<string, string>>,
  { setAside = [], hints = {} }: WorthKnowing = {},
): Verdict {
  const own = Object.entries(problems).map(
    ([name, problem]): Point => ({
      tone: 'bad',
      ...(HEALTH[name]?.(problem) ?? { text: `${name}: ${problem}` }),
    }),
  )
  const found = accounts.map((account) => CHECKS.flatMap((check) => check(account) ?? []))
  // What does not work at all comes before what is only to be looked at.
  const points = [...own, ...found.flat(), ...setAsidePoints(setAside), ...hintPoints(hints)].sort(
    (a, b) => ORDER[a.tone] - ORDER[b.tone],
  )
  const isBroken = (list: readonly Point[]) => list.some(({ tone }) => tone === 'bad')
  const broken = found.filter(isBroken).length
  if (isBroken(own)) return { tone: 'bad', sentence: 'The bridge needs help.', points }
  if (broken > 0) return { tone: 'bad', sentence: notWorking(broken, accounts.length), points }
  const tone = points.length === 0 ? 'good' : 'busy'
  return { tone, sentence: working(accounts.length, points.length > 0), points }
}

/** What stops nothing any more, but somebody has to know. */
export type WorthKnowing = {
  setAside?: readonly KeptAside[]
  /** By what was wrong with the bridge itself. */
  hints?: Readonly<Record<string, string>>
}

function hintPoints(hints: Readonly<Record<string, string>>): Point[] {
  return Object.values(hints).map((text) => ({ tone: 'busy', text }))
}

/** What is damaged stops nothing any more, but somebody has to know. */
function setAsidePoints(setAside: readonly KeptAside[]): Point[] {
  if (setAside.length === 0) return []
  const places = setAside.map(({ where, count }) =>
    count === undefined ? where : `${where} (${count})`,
  )
  return [
    {
      tone: 'busy',
      text: `Something stored could not be read and was set aside: ${places.join(', ')}.`,
      todo: 'Look at the disk. What to do with it stands in the troubleshooting.',
    },
  ]
}

function working(count: number, isMore: boolean): string {
  const all = { 1: 'The account works', 2: 'Both accounts work' }[count]
  return `${all ?? `All ${count} accounts work`}${isMore ? ', with something to look at.' : '.'}`
}

function notWorking(broken: number, count: number): string {
  if (count === 1) return 'The account does not work.'
  if (broken === count) return 'None of the accounts works.'
  return `${broken} of ${count} accounts ${broken === 1 ? 'does' : 'do'} not work.`
}
