import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { SessionDownError } from '../../kernel/errors.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { Handle } from '../../queue/turn.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { OutEvent } from '../events.ts'
import type { Journal } from '../sends/journal.ts'
import { forSession, type SessionPauses } from './session-pauses.ts'

/**
 * Holds what goes to a Chatwoot that is out of order, without counting attempts, so that it goes on the moment Chatwoot
 * is back and not when the next retry of each lane happens to be due. What has waited for as long as messages are
 * retried is tried once more for itself: its own failure then decides.
 */
export function holdForChatwoot(
  handle: Handle,
  { accountOf, clock }: { accountOf: (lane: Lane) => Account; clock: Clock },
): Handle {
  return async (entry, lane) => {
    const account = accountOf(lane)
    if (isOver(account, entry, clock.now())) return handle(entry, lane)
    await waitForChatwoot(account)
    return handle(entry, lane)
  }
}

/** @throws {WaitUntil} while Chatwoot is out of order, save for a probe. */
export async function waitForChatwoot({ chatwootBreaker }: Account): Promise<void> {
  const until = await chatwootBreaker.hold()
  if (until === undefined) return
  throw new WaitUntil('Chatwoot is out of order.', { until, mayBeWoken: true })
}

function isOver(account: Account, { renewedAt, receivedAt }: Entry, now: number): boolean {
  return now >= (renewedAt ?? receivedAt) + account.options.retryFor
}

/** An agent waits for the answer to a command: after so many failed attempts it says what is wrong. */
const COMMAND_ATTEMPTS = 3

const TO_BE_SENT: ReadonlySet<OutboundLink['state']> = new Set(['queued', 'failed'])

/** When the session seemed down and turned out to be up, the lane is looked at again at once. */
const AT_ONCE_MS = 1

/** An update of a message that was sent, such as a tick: only one that failed may be meant to go again. */
function isOldNews({ action }: OutEvent, known: readonly OutboundLink[]): boolean {
  const isSent = known.length > 0 && known.every(({ state }) => !TO_BE_SENT.has(state))
  return action === 'updated' && isSent
}

/** Holds what needs the WhatsApp session while it is down: in order and without an attempt, until it is back. */
export function holdForSession(
  handle: Handle,
  deps: {
    sessionPauses: Pick<SessionPauses, 'wait' | 'down'>
    journal: Pick<Journal, 'ofMessage'>
    clock: Clock
    accountOf: (lane: Lane) => Account
  },
): Handle {
  const { sessionPauses, journal, clock } = deps

  /**
   * What was sent and lacks its answer is settled meanwhile: neither echo nor log needs the session. A message that was
   * deleted before it was sent needs nothing at all, and most commands only read.
   */
  async function needsSession(account: Account, entry: Entry, event: OutEvent): Promise<boolean> {
    if (event.private) return entry.attempts > COMMAND_ATTEMPTS
    const known = await journal.ofMessage(account.id, event.id)
    if (isDeleted(event)) return known.length > 0
    if (isOldNews(event, known)) return false
    return !known.some(({ state }) => state === 'sending' || state === 'unknown')
  }

  /** The session turned out to be down while something was sent: nothing of it happened. */
  async function afterRefusal(
    account: Account,
    entry: Entry,
    event: OutEvent,
    error: SessionDownError,
  ): Promise<never> {
    await sessionPauses.down(account)
    if (event.private && entry.attempts <= COMMAND_ATTEMPTS) throw error
    await sessionPauses.wait(account, entry, event)
    throw forSession(clock.now() + AT_ONCE_MS)
  }

  return async (entry, lane) => {
    const account = deps.accountOf(lane)
    const event = entry.event as OutEvent
    if (await needsSession(account, entry, event)) await sessionPauses.wait(account, entry, event)
    try {
      return await handle(entry, lane)
    } catch (error) {
      if (!(error instanceof SessionDownError)) throw error
      return afterRefusal(account, entry, event, error)
    }
  }
}
