import { TransientError } from '../../errors.ts'
import { createWatch } from '../../store/redis/watched.ts'
import { within } from '../../within.ts'
import type { Dispatch } from '../dispatch.ts'
import { laneName, type NewEntry } from '../lanes/lanes.ts'
import type { Arrival, PlaceArrival } from './place-arrival.ts'

/** How far it came: the first `taken` arrivals are done with, and `waiting` of them are in their lanes now. */
export type Put = { taken: number; waiting: number }

/** Brings arrivals into their lanes, the first of them at least and as many more as there is time for. */
export type PutArrivals = {
  /** For whoever can wait: Redis gives up on a command by itself (`redis/connect`). */
  put(arrivals: Arrival[]): Promise<Put>
  /**
   * For a webhook that wants its answer. What was in hand when it was given up may reach Redis all the same.
   *
   * @throws {TransientError} `redis.away` when Redis stays silent.
   */
  putSoon(arrivals: Arrival[]): Promise<Put>
  /** The same with all of them, in as many steps as it takes; resolves with how many are in their lanes now. */
  putAll(arrivals: Arrival[]): Promise<number>
  /** Resolves when nothing of it is in hand any more, nor what was given up. */
  idle(): Promise<void>
}

/**
 * The sender of the webhook gives up after five seconds (docs/platforms/chatwoot.md#webhook-requests). So
 * only as many are placed as fit into `PLACING_MS`, however slow Redis is, and a step that hears nothing for `SILENCE_MS`
 * is given up.
 */
const PLACING_MS = 500
const SILENCE_MS = 1_500

export function createPutArrivals({
  place,
  dispatch,
}: {
  place: PlaceArrival
  dispatch: Pick<Dispatch, 'post'>
}): PutArrivals {
  const watch = createWatch()
  const step: Step = (work) => watch.run(work)
  const soon: Step = (work) => within(SILENCE_MS, watch.run(work), giveUp)

  async function putBy(take: Step, arrivals: Arrival[]): Promise<Put> {
    const { taken, entries } = await placeSome(arrivals, (arrival, ahead) =>
      take(() => place(arrival, ahead)),
    )
    await take(() => dispatch.post(entries))
    return { taken, waiting: entries.length }
  }

  async function putAll(arrivals: Arrival[]): Promise<number> {
    let count = 0
    for (let rest = arrivals; rest.length > 0; ) {
      const { taken, waiting } = await putBy(soon, rest)
      rest = rest.slice(taken)
      count += waiting
    }
    return count
  }

  return {
    put: (arrivals) => putBy(step, arrivals),
    putSoon: (arrivals) => putBy(soon, arrivals),
    putAll,
    idle: watch.idle,
  }
}

type Step = <R>(work: () => Promise<R>) => Promise<R>

/** Finds the lanes of arrivals that are posted together, each with those before it in mind. */
async function placeSome(arrivals: Arrival[], place: PlaceArrival) {
  const end = performance.now() + PLACING_MS
  const entries: NewEntry[] = []
  const ahead = new Set<string>()
  let taken = 0
  for (const arrival of arrivals) {
    const entry = await place(arrival, ahead)
    taken += 1
    if (entry !== undefined) {
      entries.push(entry)
      ahead.add(laneName(entry.lane))
    }
    if (performance.now() > end) break
  }
  return { taken, entries }
}

function giveUp(): never {
  const reason = 'it does not answer in time'
  throw new TransientError(`Redis is away: ${reason}.`, {
    code: 'redis.away',
    context: { reason },
  })
}
