import type { Account } from '../../account.ts'
import type { MessageEvent } from '../../chatwoot/events.ts'
import type { Clock } from '../../clock.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { Dispatch } from '../dispatch.ts'
import { concernsWhatsapp } from '../intake/concerns-whatsapp.ts'
import { placeOf } from '../intake/out-place.ts'
import type { LanePlaces } from '../lanes/lane-places.ts'
import type { Lane } from '../lanes/lanes.ts'
import { isDeleted } from '../outbound/due.ts'
import { looksRetried } from '../outbound/retry-button.ts'
import { mayShowLess } from '../outcome/correct-shown.ts'
import type { Journal } from '../outcome/journal.ts'
import { type Listed, listedEvent } from './listed.ts'
import { takeBackFailure } from './take-back-failure.ts'

/**
 * Queues what happened to messages the bridge knows and no webhook told of: deleted, Retry pressed, or marked as failed by
 * Chatwoot though they were sent. Resolves with how many were queued. What is queued is only a hint: whoever handles it looks at the journal and, for Retry, at the message
 * again, so one hint too many does nothing.
 */
export type MissedChanges = (listed: Listed) => Promise<number>

export function createMissedChanges(deps: {
  journal: Journal
  places: Pick<LanePlaces, 'isTaken'>
  dispatch: Dispatch
  clock: Clock
}): MissedChanges {
  const { journal, places, clock } = deps

  /** It still waits to be sent, or something was sent that is not deleted yet. */
  async function isDeletionMissed(
    lane: Lane,
    event: MessageEvent,
    known: readonly OutboundLink[],
  ): Promise<boolean> {
    if (known.length === 0) return places.isTaken(lane, event.id)
    return known.some(({ deletedBy }) => deletedBy === undefined)
  }

  async function isMissed({ account, lane }: Listed, event: MessageEvent): Promise<boolean> {
    if (event.status === 'read' && !isDeleted(event)) return false
    const known = await journal.ofMessage(account.id, event.id)
    const isMissing = isDeleted(event)
      ? await isDeletionMissed(lane, event, known)
      : await isStatusMissed(account, event, known)
    // Otherwise its webhook came after all, or an earlier look has found it.
    return isMissing && !(await places.isTaken(lane, placeOf(event).order))
  }

  async function isStatusMissed(
    account: Account,
    event: MessageEvent,
    known: readonly OutboundLink[],
  ): Promise<boolean> {
    if (!(await account.inbox.supports('statusPatch'))) return false
    if (looksRetried(event) && wasShownAsFailed(known)) return true
    return (await mayShowLess(account, event, known)) === true
  }

  return async (listed) => {
    const { account, lane, horizon, messages } = listed
    let queued = 0
    for (const message of messages) {
      const event = listedEvent(listed, message, 'updated')
      const isOld = (message.createdAt ?? 0) < horizon
      if (isOld || !concernsWhatsapp(account, event) || !(await isMissed(listed, event))) continue
      if (isDeleted(event)) await takeBackFailure(account, event)
      const receivedAt = clock.now()
      await deps.dispatch.post([{ lane, receivedAt, event, ...placeOf(event) }])
      queued += 1
    }
    return queued
  }
}

/** Only a failure that the bridge has shown can be taken back by an agent. */
function wasShownAsFailed(known: readonly OutboundLink[]): boolean {
  return (
    known.some(({ state }) => state === 'failed') &&
    known.some(({ reported }) => reported === 'failed')
  )
}
