import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { failureReason } from '../../message/outbound/failure-reason.ts'
import type { OutEvent } from '../events.ts'
import type { Entry, Lane } from '../lanes/lanes.ts'
import { isDeleted } from '../outbound/due.ts'
import { createOutboundFailure, unfinishedPart } from '../outbound/outbound-failure.ts'
import { UNREACHABLE } from '../outbound/outbound-message.ts'
import type { Journal } from '../outcome/journal.ts'
import type { RequestReport } from '../outcome/report-requests.ts'
import type { Failures } from './failures.ts'

/**
 * What happens to an entry that failed for good: it becomes a dead letter, and an agent's message shows the
 * failure with its reason.
 */
export function createGiveUp(deps: {
  failures: Failures
  journal: Journal
  clock: Clock
  accountOf: (lane: Lane) => Account
  report: RequestReport
}) {
  const { failures, journal, clock } = deps
  // The dead letter is what counts this failure.
  const { fail, doubt, holdBack } = createOutboundFailure({ ...deps, onResult: () => {} })

  async function showToAgent(account: Account, event: OutEvent, error: unknown): Promise<void> {
    const known = await journal.ofMessage(account.id, event.id)
    const { chat = UNREACHABLE, of = 1, quote } = known[0] ?? {}
    const message = { account, event, chat, of, quote }
    const part = unfinishedPart(known)
    // All of it was sent, and what failed came after that.
    if (part >= of) return
    const link = known.find((candidate) => candidate.part === part)
    if (link?.state === 'sending' || link?.state === 'unknown') {
      await doubt(message, await journal.note(link, { kind: 'unknown' }))
    } else {
      await fail(message, part, failureReason(error, account.texts))
    }
    await holdBack(message, part)
  }

  return async (entry: Entry, lane: Lane, error: unknown): Promise<void> => {
    await failures.add(lane, entry, error, clock.now())
    const event = entry.event as OutEvent
    if (lane.direction === 'out' && !isDeleted(event)) {
      await showToAgent(deps.accountOf(lane), event, error)
    }
  }
}
