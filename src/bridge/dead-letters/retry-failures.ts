import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Failure, FailureFilter, Failures } from '../../queue/dead-letters/failures.ts'
import { type Entry, type Lane, laneOf } from '../../queue/entry.ts'
import type { LanePositions } from '../../queue/lane-positions.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { OutboundLink, Store } from '../../state/store/types.ts'
import type { OutEvent } from '../events.ts'
import { queueAgain } from '../outbound/due.ts'
import type { Journal } from '../sends/journal.ts'

/** What an admin does with dead letters. */
export type RetryFailures = {
  /** Back into its lane, at its original place. False when there is no such dead letter. */
  retry(id: string): Promise<boolean>
  /** The same with all of them, keeping their order; resolves with how many. */
  retryAll(filter: FailureFilter): Promise<number>
  /** Forgets it for good. False when there is no such dead letter. */
  discard(id: string): Promise<boolean>
}

export type RetryFailuresDeps = {
  failures: Failures
  places: LanePositions
  journal: Journal
  store: Store
  clock: Clock
  accounts: ReadonlyMap<AccountId, Account>
  /** Durably asks for a message's state to be told to Chatwoot. */
  report: (account: Account, chat: OutboundLink['chat'], event: OutEvent) => Promise<void>
  /** Has the lane looked at now. */
  look: (lane: Lane) => Promise<void>
}

/** So many are read at once. */
const PAGE = 200

/**
 * Tries dead letters again. An entry keeps its id, so that its claim lets it work again, and the conversation it was
 * tried in, so that an attempt that did succeed is found; it starts with no attempts, as if it had just come.
 */
export function createRetryFailures(deps: RetryFailuresDeps): RetryFailures {
  const { failures, places, journal, store, clock } = deps

  /** Chatwoot still shows the failure, unlike after its Retry button, so there is something to tell. */
  async function showSending(account: Account, event: OutEvent, link: OutboundLink): Promise<void> {
    await store.links.update(storeKey.outboundLink(account.id, event.id, link.part), (current) =>
      current?.direction === 'out' && current.reported === undefined
        ? { ...current, reported: 'failed' }
        : undefined,
    )
    await deps.report(account, link.chat, event)
  }

  async function queueMessage({ account: id, entry }: Failure): Promise<void> {
    const account = deps.accounts.get(id)
    const event = entry.event as OutEvent
    const known = await journal.ofMessage(id, event.id)
    const [first] = known
    if (account === undefined || first === undefined) return
    if (!known.some(({ state }) => state === 'failed')) return
    await queueAgain(journal, known)
    if (first.reported === 'failed') await showSending(account, event, first)
  }

  /** Put back before it is forgotten: a crash in between leaves it in both places, which is harmless. */
  async function putBack(failure: Failure): Promise<Lane> {
    const lane = laneOf(failure.lane)
    if (failure.direction === 'out') await queueMessage(failure)
    await places.restore(lane, fresh(failure.entry, clock.now()), failure.order)
    await failures.remove(failure)
    return lane
  }

  async function idsOf(filter: FailureFilter): Promise<string[]> {
    const found: Pick<Failure, 'id' | 'lane' | 'order'>[] = []
    let cursor: number | undefined
    do {
      const page = await failures.list({ ...filter, cursor, limit: PAGE })
      found.push(...page.failures.map(({ id, lane, order }) => ({ id, lane, order })))
      cursor = page.cursor
    } while (cursor !== undefined)
    return found.sort(byPlace).map(({ id }) => id)
  }

  async function retry(id: string): Promise<boolean> {
    const failure = await failures.get(id)
    if (failure === undefined) return false
    await deps.look(await putBack(failure))
    return true
  }

  return {
    retry,
    async retryAll(filter) {
      let count = 0
      // The first of a lane goes back first, so that none overtakes it while the others follow.
      for (const id of await idsOf(filter)) if (await retry(id)) count += 1
      return count
    },
    discard: (id) => failures.remove({ id }),
  }
}

function fresh({ id, receivedAt, event, triedIn }: Entry, now: number): Entry {
  const tried = triedIn === undefined ? {} : { triedIn }
  return { id, receivedAt, event, attempts: 0, ...tried, renewedAt: now }
}

type Place = Pick<Failure, 'id' | 'lane' | 'order'>

function byPlace(a: Place, b: Place): number {
  if (a.lane !== b.lane) return a.lane < b.lane ? -1 : 1
  return a.order - b.order || (a.id < b.id ? -1 : 1)
}
