import type { Account } from '../../accounts/account.ts'
import { failureReason } from '../../content/message/outbound/failure-reason.ts'
import type { Clock } from '../../kernel/clock.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import { type Entry, type Lane, laneName } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { Dispatch } from '../../queue/queue.ts'
import type { RedisState } from '../../state/redis/memory.ts'
import { damagedKey, keepDamaged } from '../../state/set-aside/set-aside.ts'
import type { NotShownEvent, OutEvent } from '../events.ts'
import { damagedNotShown, notShownLane, notShownOf } from '../inbound/not-shown.ts'
import { createOutboundFailure, unfinishedPart } from '../outbound/outbound-failure.ts'
import { UNREACHABLE } from '../outbound/outbound-message.ts'
import type { Journal } from '../sends/journal.ts'
import type { RequestReport } from '../sends/report-message.ts'
import { readOutEvent } from '../stored-events.ts'

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
  dispatch: Dispatch
}) {
  const { failures, journal, clock } = deps
  // The dead letter is what counts this failure.
  const { fail, doubt, holdBack } = createOutboundFailure({
    journal,
    clock,
    report: deps.report,
    onResult: () => {},
  })

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
    if (lane.direction === 'in') await tellMissing(deps, lane, notShownOf(entry, error))
    if (lane.direction !== 'out') return
    const event = readOutEvent(entry.event)
    if (event !== undefined && !isDeleted(event)) {
      await showToAgent(deps.accountOf(lane), event, error)
    }
  }
}

/** What cannot be read is kept elsewhere, and agents are told what is missing. */
export function createSetAside(deps: {
  state: RedisState
  lanes: Pick<Lanes, 'remove'>
  clock: Clock
  dispatch: Dispatch
}) {
  const { redis, prefix, onSetAside } = deps.state
  return async (lane: Lane, damaged: { id: string; text: string }): Promise<void> => {
    if (lane.direction === 'in') await tellMissing(deps, lane, damagedNotShown(lane, damaged.id))
    const key = damagedKey(prefix, 'lane')
    await keepDamaged(redis, key, { ...damaged, where: laneName(lane) })
    await deps.lanes.remove(lane, damaged.id)
    // The name of a lane may hold a number.
    const where = `${lane.direction} lane of ${lane.account}, entry ${damaged.id}`
    onSetAside?.({ what: 'lane', where, count: 1 })
  }
}

async function tellMissing(
  { clock, dispatch }: { clock: Clock; dispatch: Dispatch },
  lane: Lane,
  event: NotShownEvent | undefined,
): Promise<void> {
  if (event === undefined) return
  const told = notShownLane(lane)
  await dispatch.post([{ lane: told, order: 0, receivedAt: clock.now(), event }])
}
