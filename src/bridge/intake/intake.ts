import { createWatch, withTimeout } from '../../kernel/async.ts'
import { TransientError } from '../../kernel/errors.ts'
import { laneName, type NewEntry } from '../../queue/entry.ts'
import type { Dispatch } from '../../queue/queue.ts'
import type { Spool } from '../../queue/spool/spool.ts'
import { storageTrouble } from '../../state/storage-trouble.ts'
import { createSpoolReplay, type SpoolReplayOptions } from './replay-spool.ts'
import type { Arrival, RouteArrival } from './route.ts'

/** Takes in what webhooks bring. */
export type Intake = {
  /**
   * Durable once resolved: in the lanes, or in the spool when Redis does not take it, for whatever reason. What went into
   * the spool goes first, so that nothing overtakes it. Resolves with how many wait now; the others need nothing more.
   *
   * @throws {TransientError} `bridge.not_stored` when neither Redis nor the disk takes it.
   */
  accept(arrivals: Arrival[]): Promise<number>
  isHolding(): boolean
  /** Why webhooks wait on disk, in words for anybody; `undefined` while none does. */
  waitsFor(): string | undefined
  /** What became of the webhooks that could not be stored lately, in words for anybody; `undefined` when all could. */
  refusedLately(): string | undefined
  /** Plays what an earlier process left in the spool, as far as Redis lets it. */
  start(): Promise<void>
  /** Redis is back: plays what waits now instead of at the next attempt. */
  resume(): void
  close(): Promise<void>
}

export type IntakeOptions = {
  spool: Spool<Arrival>
  place: RouteArrival
  dispatch: Pick<Dispatch, 'post'>
  /** Told when the spool begins to fill, with the reason, and when all of it is in the lanes. */
  onSpool: (news: { state: 'filling'; reason: string } | { state: 'empty' }) => void
} & Pick<SpoolReplayOptions<Arrival>, 'tryOut' | 'giveUp' | 'onError'>

/** While the disk is full, so long a webhook waits for what is on it to get into the lanes. */
const PLAYED_MS = 2_000

export function createIntake(options: IntakeOptions): Intake {
  const { spool, place, dispatch, onSpool } = options
  const lanes = createPutArrivals({ place, dispatch })
  const troubles = createTroubles()

  const player = createSpoolReplay({
    spool,
    tryOut: options.tryOut,
    giveUp: options.giveUp,
    onError: options.onError,
    // What a webhook gave up may still be on its way into the lanes, and would come twice if it was played meanwhile.
    ready: lanes.idle,
    put: async (arrivals) => (await troubles.noted(lanes.put(arrivals))).taken,
    onEmpty() {
      troubles.over()
      onSpool({ state: 'empty' })
    },
    onRefused: (error) => troubles.holds(storageTrouble(error)),
  })

  /** The disk does not take it. What is on it already is on its way into the lanes, and Redis may take this behind it. */
  async function putBehindSpool(arrivals: Arrival[], onDisk: unknown): Promise<number> {
    await withTimeout(PLAYED_MS, player.played(), () => {})
    if (spool.isHolding()) throw troubles.refused(onDisk)
    try {
      return await troubles.noted(lanes.putAll(arrivals))
    } catch {
      throw troubles.refused(onDisk)
    }
  }

  async function keep(arrivals: Arrival[]): Promise<number> {
    const failure = await spool.append(arrivals).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    player.play()
    return failure === undefined ? arrivals.length : putBehindSpool(arrivals, failure.error)
  }

  function keepFor(reason: string, arrivals: Arrival[]): Promise<number> {
    troubles.holds(reason)
    if (!spool.isHolding()) onSpool({ state: 'filling', reason })
    return keep(arrivals)
  }

  /**
   * Whatever it is that Redis has. A step that was given up may reach it all the same, and what it brought comes twice then:
   * claims and journal know it.
   */
  async function putSoon(arrivals: Arrival[]): Promise<Put> {
    try {
      return await troubles.noted(lanes.putSoon(arrivals))
    } catch (error) {
      return { taken: arrivals.length, waiting: await keepFor(storageTrouble(error), arrivals) }
    }
  }

  return {
    async accept(arrivals) {
      if (arrivals.length === 0) return 0
      if (spool.isHolding()) return keep(arrivals)
      const { taken, waiting } = await putSoon(arrivals)
      const late = arrivals.slice(taken)
      return late.length === 0 ? waiting : waiting + (await keepFor('too many at once', late))
    },
    isHolding: spool.isHolding,
    waitsFor: () => (spool.isHolding() ? troubles.waiting() : undefined),
    refusedLately: troubles.refusedLately,
    async start() {
      if (spool.isHolding() && !(await player.once())) player.play()
    },
    resume: player.resume,
    async close() {
      await player.close()
      await spool.close()
    },
  }
}

/** So long after a webhook could not be stored that is told. */
const REFUSED_MS = 60_000

/** Why webhooks wait on disk or were refused, in words for anybody: the last real reason. */
function createTroubles() {
  /** Why the lanes did not take something the last time; `undefined` once they did. */
  let refusal: string | undefined
  /** Why the spool fills, or is not played. */
  let trouble: string | undefined
  let count = 0
  let last: { at: number; why: string } | undefined

  const isRecent = () => last !== undefined && performance.now() - last.at < REFUSED_MS

  return {
    /** Remembers what comes of putting something into the lanes. */
    async noted<R>(putting: Promise<R>): Promise<R> {
      try {
        const result = await putting
        refusal = undefined
        return result
      } catch (error) {
        refusal = storageTrouble(error)
        throw error
      }
    },
    /** What waits on disk has to go on waiting. */
    holds(reason: string): void {
      trouble = reason
    },
    /** Nothing waits any more. */
    over(): void {
      trouble = undefined
    },
    waiting(): string {
      return trouble === undefined
        ? 'Webhooks that waited on disk are on their way into the lanes.'
        : `Webhooks wait on disk: ${trouble}.`
    },
    /** Neither the lanes nor the disk take a webhook. `onDisk`: what the disk said. */
    refused(onDisk: unknown): TransientError {
      const said = [refusal ?? trouble, storageTrouble(onDisk)].filter((each) => each !== undefined)
      const why = [...new Set(said)].join('; ')
      count = isRecent() ? count + 1 : 1
      last = { at: performance.now(), why }
      return new TransientError(`Neither Redis nor the disk takes it: ${why}.`, {
        code: 'bridge.not_stored',
        cause: onDisk,
      })
    },
    refusedLately(): string | undefined {
      if (last === undefined || !isRecent()) return undefined
      const what = count === 1 ? 'A webhook could' : `${count} webhooks could`
      return `${what} not be stored, neither in Redis nor on disk: ${last.why}.`
    },
  }
}

/** How far it came: the first `taken` arrivals are done with, and `waiting` of them are in their lanes now. */
type Put = { taken: number; waiting: number }

/** Brings arrivals into their lanes, the first of them at least and as many more as there is time for. */
type PutArrivals = {
  /** For whoever can wait: Redis gives up on a command by itself (`state/redis/connect`). */
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

function createPutArrivals({
  place,
  dispatch,
}: {
  place: RouteArrival
  dispatch: Pick<Dispatch, 'post'>
}): PutArrivals {
  const watch = createWatch()
  const step: Step = (work) => watch.run(work)
  const soon: Step = (work) => withTimeout(SILENCE_MS, watch.run(work), giveUp)

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
async function placeSome(arrivals: Arrival[], place: RouteArrival) {
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
