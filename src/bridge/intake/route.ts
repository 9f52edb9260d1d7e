import { randomUUID } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { PermanentError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { People } from '../../people/people.ts'
import type { ConversationEvent, MessageEvent } from '../../platforms/chatwoot/events.ts'
import { aliasOf, type Who } from '../../platforms/wasender/jid.ts'
import { type Direction, type Lane, laneName, type NewEntry } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { TurnOptions } from '../../queue/turn.ts'
import { storageTrouble } from '../../state/storage-trouble.ts'
import type { ContactDeletedEvent } from '../events.ts'
import type { DeletedContacts } from '../forget/deleted-contacts.ts'
import type { Route } from './inbound-routes.ts'
import { createLaneKeys, type OutLane, placeOf } from './out-lane.ts'
import type { ReorderWindow } from './reorder-window.ts'

/**
 * Something a webhook brought, before anybody was asked whose chat it belongs to: the answer may be in a Redis that is
 * away. Plain JSON, because that is where it may have to wait.
 */
export type Arrival = { account: AccountId; receivedAt: number } & (
  | { from: 'wasender'; route: Route }
  | { from: 'chatwoot'; event: MessageEvent | ConversationEvent | ContactDeletedEvent }
)

/**
 * Where an arrival goes; `undefined` when there is nothing left to do. `ahead`: names of the lanes that arrivals before it
 * go to and may not be in yet.
 */
export type PlaceArrival = (
  arrival: Arrival,
  ahead: ReadonlySet<string>,
) => Promise<NewEntry | undefined>

type FromWasender = Extract<Arrival, { from: 'wasender' }>
type FromChatwoot = Extract<Arrival, { from: 'chatwoot' }>

/** Finds the lane of whatever comes in. */
export function createPlaceArrival(deps: {
  people: People
  conversations: Conversations
  lanes: Pick<Lanes, 'size'>
  outLane: OutLane
  reorderWindow: Pick<ReorderWindow, 'waitFor'>
  deletedContacts: Pick<DeletedContacts, 'add'>
  clock: Clock
}): PlaceArrival {
  const { people, conversations, outLane, reorderWindow, clock } = deps
  const laneKey = createLaneKeys(people)

  async function hasConversation(account: AccountId, who: Who): Promise<boolean> {
    const chat = await people.find(account, who)
    const known = chat === undefined ? undefined : await conversations.get(account, chat)
    return known?.conversationId !== undefined
  }

  /**
   * What came under a LID alone waits in a lane of that name until its number was asked for; whatever follows stays behind
   * it, also when it tells the number itself.
   */
  async function inLane(account: AccountId, who: Who, ahead: ReadonlySet<string>): Promise<Lane> {
    const lane = (key: string): Lane => ({ direction: 'in', account, key })
    const known = lane(await laneKey({ id: account }, who))
    const alone = who.lid === undefined ? known : lane(aliasOf({ kind: 'lid', id: who.lid }))
    if (alone.key === known.key) return known
    const isWaiting = ahead.has(laneName(alone)) || (await deps.lanes.size(alone)) > 0
    return isWaiting ? alone : known
  }

  /** Counted from when it came, which is long ago for what waited in the spool. */
  function settleMs(receivedAt: number, at: number): number {
    return clock.now() - receivedAt + reorderWindow.waitFor(at)
  }

  async function fromWasender(
    { account, receivedAt, route }: FromWasender,
    ahead: ReadonlySet<string>,
  ) {
    const { event } = route
    const lane = (direction: Direction, key: string): Lane => ({ direction, account, key })
    switch (route.to) {
      case 'chat': {
        if (route.ifKnown && !(await hasConversation(account, route.who))) return undefined
        const { who, order, at } = route
        const settle = at === undefined ? {} : { settleMs: settleMs(receivedAt, at) }
        return { lane: await inLane(account, who, ahead), order, receivedAt, event, ...settle }
      }
      case 'status': {
        const { who } = route
        const key = who === undefined ? 'failures' : await laneKey({ id: account }, who)
        return { lane: lane('status', key), order: 0, receivedAt, event }
      }
      case 'aside':
        return { lane: lane('in', route.name), order: 0, receivedAt, event, settleMs: route.waitMs }
    }
  }

  async function fromChatwoot(
    { account, receivedAt, event }: FromChatwoot,
    ahead: ReadonlySet<string>,
  ) {
    if (event.type === 'conversation') {
      await conversations.heard(account, event.conversation)
      return undefined
    }
    if (event.type === 'contact') {
      await deps.deletedContacts.add(account, event.contact.id)
      return undefined
    }
    const lane = await outLane(account, event.conversation, ahead)
    return { lane, receivedAt, event, ...placeOf(event) }
  }

  return (arrival, ahead) =>
    arrival.from === 'wasender' ? fromWasender(arrival, ahead) : fromChatwoot(arrival, ahead)
}

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
