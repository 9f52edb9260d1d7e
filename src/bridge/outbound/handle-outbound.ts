import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { PermanentError } from '../../kernel/errors.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { LanePositions } from '../../queue/lane-positions.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { BeforeSend } from '../catch-up/before-send.ts'
import type { OutEvent } from '../events.ts'
import type { OwnIds } from '../inbound/dedupe.ts'
import type { Journal } from '../sends/journal.ts'
import { correctShown, type OwnUpdates, type RequestReport } from '../sends/report-message.ts'
import { isDue, isRetryPressed, queueAgain } from './due.ts'
import type { HandleCommand } from './handle-command.ts'
import { handleDeletion } from './handle-deletion.ts'
import { type SendMessageDeps, sendMessage } from './send-message.ts'

/** What became of an agent's message; the `result` label of `bridge_messages_total`. */
export type OutboundResult = 'accepted' | 'failed' | 'ignored' | 'unknown'

export type HandleOutboundDeps = {
  /** What a message is sent with. */
  sending: SendMessageDeps
  handleCommand: HandleCommand
  journal: Journal
  clock: Clock
  places: Pick<LanePositions, 'isHead'>
  failures: Pick<Failures, 'add' | 'forget'>
  beforeSend: BeforeSend
  ownIds: OwnIds
  report: RequestReport
  ownUpdates: Pick<OwnUpdates, 'take'>
  /** First start of the account, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
  /** What came before this moment (ms since 1970) may have been sent although the journal does not know it. */
  doubtBefore: () => number
  onResult: (account: Account, kind: string, result: OutboundResult) => void
}

/**
 * Handles what happened to a message of an agent: written, deleted, Retry pressed, or a command in a private note. What
 * the journal already holds is not sent again.
 */
export function createHandleOutbound(deps: HandleOutboundDeps) {
  const { journal, clock, failures, handleCommand } = deps

  const isStillDue = async (account: Account, event: OutEvent) =>
    isDue(account, event, await deps.sinceOf(account), clock.now())

  async function isOpen(account: Account, event: OutEvent, known: OutboundLink[]) {
    if (event.action === 'created' || known.some(({ state }) => state === 'queued')) return true
    return isInterrupted(known) && isStillDue(account, event)
  }

  /**
   * The journal's entries when something of the message is to be sent now. An update of a message that is known is
   * only that, unless Retry was pressed.
   */
  async function wanted(
    account: Account,
    event: OutEvent,
    known: OutboundLink[],
  ): Promise<OutboundLink[] | undefined> {
    if (known.some(({ deletedBy }) => deletedBy !== undefined)) return undefined
    if (known.length === 0) {
      return (await isStillDue(account, event)) ? known : undefined
    }
    if (await isOpen(account, event, known)) return known
    if (!(await isRetryPressed(account, event, known))) return undefined
    await failures.forget(account.id, event.id)
    return queueAgain(journal, known)
  }

  async function remove({ account, event, found }: Turn): Promise<void> {
    if (event.private) return
    await failures.forget(account.id, event.id)
    return handleDeletion(account, event, found, deps)
  }

  /** The look takes a while, and a webhook that was late may come meanwhile. */
  async function letEarlierGo({ account, entry, lane, event }: Turn): Promise<void> {
    await deps.beforeSend(account, entry, lane, event)
    if (await deps.places.isHead(lane, entry.id)) return
    throw new WaitUntil('An earlier message goes first.', { until: clock.now() })
  }

  /** Whoever has it tried again has looked. The answer to a command tells whether it was carried out. */
  function refuseDoubtful({ account, entry, event }: Turn): void {
    if (event.private || entry.renewedAt !== undefined) return
    if (entry.receivedAt <= deps.doubtBefore()) throw inDoubt(account)
  }

  /** A failure is shown at the message and kept for the admin, so the lane goes on. */
  async function send(turn: Turn, known: OutboundLink[]): Promise<void> {
    const { account, entry, lane, event } = turn
    if (known.length === 0) {
      refuseDoubtful(turn)
      await letEarlierGo(turn)
    }
    const sending = { account, entry, lane, event, known }
    if (event.private) return handleCommand(sending)
    const failed = await sendMessage(sending, deps.sending)
    if (failed !== undefined) await failures.add(lane, entry, refused(account, failed), clock.now())
  }

  return async (account: Account, entry: Entry, lane: Lane, event: OutEvent): Promise<void> => {
    const found = await journal.ofMessage(account.id, event.id)
    const turn = { account, entry, lane, event, found }
    if (isDeleted(event)) return remove(turn)
    const isOwn = found.length === 0 && (await deps.ownIds.has(account.id, event.sourceId))
    const known = isOwn ? undefined : await wanted(account, event, found)
    if (known !== undefined) await send(turn, known)
    await correctShown(deps, account, event)
    if (known === undefined && found.length === 0) {
      deps.onResult(account, event.contentType, 'ignored')
    }
  }
}

/** An entry of an `out` lane while it is its turn, and what the journal holds of its message. */
type Turn = {
  account: Account
  entry: Entry
  lane: Lane
  event: OutEvent
  found: OutboundLink[]
}

/**
 * A crash came while it was being sent, or between its parts. The event it was sent for need not say `created`: when that
 * webhook was lost, it is sent for a later one. What was given up has its rest marked as failed, and is not meant.
 */
function isInterrupted(known: readonly OutboundLink[]): boolean {
  const of = known[0]?.of ?? 1
  const isUnsettled = known.some(({ state }) => state === 'sending' || state === 'unknown')
  return isUnsettled || (known.length < of && known.every(({ state }) => state !== 'failed'))
}

function inDoubt({ id }: Account): PermanentError {
  return new PermanentError(
    `Account ${id}: Redis was put back to an older state, so nobody knows whether this was sent.`,
    { code: 'outbound.in_doubt', context: { account: id } },
  )
}

function refused({ id }: Account, reason: string): PermanentError {
  return new PermanentError(reason, { code: 'outbound.failed', context: { account: id } })
}
