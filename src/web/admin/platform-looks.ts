import type { Account } from '../../accounts/account.ts'
import { withTimeout } from '../../kernel/async.ts'
import type { Clock } from '../../kernel/clock.ts'
import { BridgeError, OperatorNeededError, PermanentError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { SessionControl, SessionState } from '../../operators/session-control.ts'

/**
 * A platform gave no answer, or refuses the bridge until somebody mends what it names; why, in words for an admin.
 */
export type Problem = { problem: string; kind: 'no-answer' | 'refused' }

export type InboxLook = { id: number; name: string }

/** What both platforms say of an account right now, remembered for moments: pages ask every few seconds. */
export type PlatformLooks = {
  session(account: Account): Promise<SessionState | Problem>
  inbox(account: Account): Promise<InboxLook | Problem>
  /** An admin has just changed the session. */
  forget(account: Account): void
}

export type PlatformLooksDeps = {
  sessions: Pick<SessionControl, 'state'>
  /** When the session last told that it changed, ms since 1970. */
  sessionChangedAt: (account: AccountId) => number
  clock: Clock
}

/** An admin looks at a page: a platform that does not answer is shown as such. */
const ANSWER_WITHIN_MS = 4_000
/** The gateway's rate limits are shared with sending. */
const SESSION_KEPT_MS = 10_000
const INBOX_KEPT_MS = 60_000
const PROBLEM_KEPT_MS = 5_000

export function isProblem(look: object): look is Problem {
  return 'problem' in look
}

export function createPlatformLooks(deps: PlatformLooksDeps): PlatformLooks {
  const { sessions, sessionChangedAt, clock } = deps
  const session = createKept(clock, SESSION_KEPT_MS, (account) => sessions.state(account))
  const inbox = createKept(clock, INBOX_KEPT_MS, async ({ chatwoot, inboxId }) => {
    const { id, name } = await chatwoot.inboxes.get(inboxId)
    return { id, name }
  })
  return {
    session: (account) => session.ask(account, sessionChangedAt(account.id)),
    inbox: (account) => inbox.ask(account, 0),
    forget: session.forget,
  }
}

type Kept<T> = { answer: Promise<T | Problem>; askedAt: number; until: number }

/** Everybody who asks within a while gets the same answer. */
function createKept<T extends object>(
  clock: Clock,
  keepMs: number,
  question: (account: Account) => Promise<T>,
) {
  const known = new Map<AccountId, Kept<T>>()

  function ask(account: Account, notBefore: number): Promise<T | Problem> {
    const found = known.get(account.id)
    const now = clock.now()
    if (found !== undefined && now < found.until && found.askedAt > notBefore) return found.answer
    const kept: Kept<T> = {
      answer: orProblem(question(account)),
      askedAt: now,
      until: now + keepMs,
    }
    known.set(account.id, kept)
    kept.answer.then(
      (answer) => {
        if (isProblem(answer)) kept.until = Math.min(kept.until, clock.now() + PROBLEM_KEPT_MS)
      },
      // Whoever asked is told; nobody after them is answered with an old surprise.
      () => known.delete(account.id),
    )
    return kept.answer
  }
  return { ask, forget: ({ id }: Account) => void known.delete(id) }
}

/** What a platform says of itself, or why it says nothing. */
async function orProblem<T>(question: Promise<T>): Promise<T | Problem> {
  try {
    return await withTimeout(ANSWER_WITHIN_MS, question, () => SILENT)
  } catch (error) {
    if (error instanceof BridgeError) return { problem: error.message, kind: kindOf(error) }
    throw error
  }
}

const SILENT: Problem = { problem: 'It does not answer.', kind: 'no-answer' }

function kindOf(error: BridgeError): Problem['kind'] {
  const isRefusal = error instanceof OperatorNeededError || error instanceof PermanentError
  return isRefusal ? 'refused' : 'no-answer'
}
