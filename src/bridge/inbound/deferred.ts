import type { Account } from '../../accounts/account.ts'
import { type Incoming, readIncoming } from '../../content/message/incoming.ts'
import { type Clock, hasCome } from '../../kernel/clock.ts'
import type { KeyId } from '../../kernel/ids.ts'
import { chatAddresses } from '../../platforms/wasender/events/index.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import type { Dispatch } from '../../queue/queue.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { TwinChild } from '../../state/redis/memories.ts'
import type { Memories } from '../../state/redis/memory.ts'
import type { LaneKeys } from '../intake/out-lane.ts'
import { orderOf } from '../intake/route.ts'
import type { Journal } from '../sends/journal.ts'
import type { DeferredEvent, InEvent, ShownEvent } from './inbound-events.ts'

/** How long the message that an edit, a reaction or a deletion is about may be on its way. */
const TARGET_WAIT_MS = 10_000
const ASK_AGAIN_MS = 250
/** How long a better file may take that WhatsApp has announced. */
const TWIN_WAIT_MS = 5_000

export type DeferredDeps = {
  /** Better files of messages. */
  children: Memories<'twin', TwinChild>
  journal: Journal
  lanes: Lanes
  laneKey: LaneKeys
  dispatch: Dispatch
  clock: Clock
}

/** Of several that wait together only the last counts. */
type NewestEvent = Extract<DeferredEvent, { for: 'votes' | 'edit' }>
type Kind = DeferredEvent['for']
type Wait<K extends Kind> = (
  account: Account,
  event: Extract<DeferredEvent, { for: K }>,
  lane: Lane,
  entry: Entry,
) => Promise<void>

/** @throws {WaitUntil} to look again for what is not there, until its time is up. */
function lookAgain(until: number, now: number, mostMs: number): void {
  if (hasCome(until, now, mostMs)) return
  const next = Math.min(until, now + ASK_AGAIN_MS)
  throw new WaitUntil('What it belongs to is not there yet.', { until: next })
}

/**
 * Things that have to wait, in lanes of their own so that their chat goes on meanwhile. When the time has come they go
 * back into the lane of the chat, because only there one thing happens after the other.
 */
export function createDeferred(deps: DeferredDeps) {
  const { journal, lanes, dispatch, clock } = deps

  /** Into the lane of the chat, as of when it was heard first: ids of what has none are made of that. */
  async function back(
    account: Account,
    { receivedAt }: Entry,
    { who, at }: Pick<Incoming, 'who' | 'at'>,
    event: InEvent,
  ): Promise<void> {
    const key = await deps.laneKey(account, who)
    const lane = { direction: 'in', account: account.id, key } as const
    const order = orderOf(at, receivedAt)
    await dispatch.post([{ lane, order, receivedAt, event }])
  }

  async function aside(
    account: Account,
    key: string,
    { receivedAt }: Entry,
    event: DeferredEvent,
  ): Promise<void> {
    const lane = { direction: 'in', account: account.id, key } as const
    await dispatch.post([{ lane, order: 0, receivedAt, event }])
  }

  async function backShown(account: Account, entry: Entry, event: ShownEvent, isOrphan = false) {
    const read = readIncoming(event, entry.receivedAt)
    if (read === undefined || !('incoming' in read)) return
    const next: InEvent = isOrphan ? { type: 'orphan', event } : event
    await back(account, entry, read.incoming, next)
  }

  const target: Wait<'target'> = async (account, { target, until, event }, _lane, entry) => {
    const known = await journal.byKeyId(account.id, target)
    if (known === undefined) lookAgain(until, clock.now(), TARGET_WAIT_MS)
    await backShown(account, entry, event, known === undefined)
  }

  const twin: Wait<'twin'> = async (account, { parent, until, event }, _lane, entry) => {
    const known = await deps.children(account.id, parent).get()
    if (known === undefined) lookAgain(until, clock.now(), TWIN_WAIT_MS)
    await backShown(account, entry, event, true)
  }

  /** Each event holds the whole tally, or no words at all, so the newest speaks for all that have come by now. */
  const newest = async (
    account: Account,
    { event }: NewestEvent,
    lane: Lane,
    entry: Entry,
  ): Promise<void> => {
    const waiting = (await lanes.entries(lane)) as Entry<NewestEvent>[]
    const last = waiting.at(-1)
    await backShown(account, last ?? entry, last?.event.event ?? event)
    for (const { id } of waiting) await lanes.remove(lane, id)
  }

  const content: Wait<'content'> = async (account, { event }, _lane, entry) => {
    const known = await journal.byKeyId(account.id, event.key.id)
    if (known !== undefined) return
    const told = {
      who: chatAddresses(event.key),
      ...(event.at === undefined ? {} : { at: event.at }),
    }
    await back(account, entry, told, { type: 'undecrypted', event })
  }

  const WAITS: { [K in Kind]: Wait<K> } = { target, twin, votes: newest, edit: newest, content }

  return {
    /** Lets a change wait for the message it belongs to. Durable once resolved. */
    untilTarget(account: Account, entry: Entry, target: KeyId, event: ShownEvent) {
      const until = clock.now() + TARGET_WAIT_MS
      const held: DeferredEvent = { type: 'later', for: 'target', target, until, event }
      return aside(account, `target:${target}`, entry, held)
    },

    /** Lets a message wait for its better file. Durable once resolved. */
    untilTwin(account: Account, entry: Entry, parent: KeyId, event: ShownEvent) {
      const until = clock.now() + TWIN_WAIT_MS
      const held: DeferredEvent = { type: 'later', for: 'twin', parent, until, event }
      return aside(account, `twin:${parent}`, entry, held)
    },

    handle(account: Account, entry: Entry, lane: Lane, event: DeferredEvent): Promise<void> {
      const wait = WAITS[event.for] as Wait<typeof event.for>
      return wait(account, event as never, lane, entry)
    },
  }
}

export type Deferred = ReturnType<typeof createDeferred>
