import { randomUUID } from 'node:crypto'
import { PermanentError } from '../../errors.ts'
import { storageTrouble } from '../../storage-trouble.ts'
import type { Lane } from '../lanes/lanes.ts'
import type { TurnOptions } from '../lanes/turn.ts'
import type { Arrival } from './place-arrival.ts'

/**
 * What happens to an arrival that cannot be put into its lane: it becomes a dead letter of a lane that is named without asking
 * anybody, so that a person can have it tried again. What is no message goes: what is known of a conversation is told again
 * with its next change.
 */
export function createGiveUpArrival(
  deps: Pick<TurnOptions, 'giveUp' | 'onAttemptFailed'> & {
    onWorkerError: (error: unknown) => void
  },
) {
  return async (arrival: Arrival, cause: unknown): Promise<void> => {
    const lane = laneOf(arrival)
    if (lane === undefined) return deps.onWorkerError(cause)
    const { account, receivedAt } = arrival
    const event = arrival.from === 'wasender' ? arrival.route.event : arrival.event
    const entry = { id: `${randomUUID()}.${receivedAt}`, receivedAt, event, attempts: 0 }
    const error = new PermanentError(
      `Account ${account}: Redis takes other messages but not this one: ${storageTrouble(cause)}.`,
      { code: 'bridge.not_placed', context: { account }, cause },
    )
    deps.onAttemptFailed({ lane, entry, error })
    await deps.giveUp(entry, lane, error)
  }
}

function laneOf({ account, ...arrival }: Arrival): Lane | undefined {
  if (arrival.from === 'wasender') {
    const { route } = arrival
    return route.to === 'status'
      ? { direction: 'status', account, key: 'unplaced' }
      : { direction: 'in', account, key: route.to === 'aside' ? route.name : 'unplaced' }
  }
  if (arrival.event.type !== 'message') return undefined
  return { direction: 'out', account, key: `conversation:${arrival.event.conversation.id}` }
}
