import { storageTrouble } from '../../storage-trouble.ts'
import { within } from '../../within.ts'
import type { Dispatch } from '../dispatch.ts'
import { createTroubles } from './intake-troubles.ts'
import type { Arrival, PlaceArrival } from './place-arrival.ts'
import { createSpoolPlayer, type SpoolPlayerOptions } from './play-spool.ts'
import { createPutArrivals, type Put } from './put-arrivals.ts'
import type { Spool } from './spool.ts'

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
  place: PlaceArrival
  dispatch: Pick<Dispatch, 'post'>
  /** Told when the spool begins to fill, with the reason, and when all of it is in the lanes. */
  onSpool: (news: { state: 'filling'; reason: string } | { state: 'empty' }) => void
} & Pick<SpoolPlayerOptions<Arrival>, 'tryOut' | 'giveUp' | 'onError'>

/** While the disk is full, so long a webhook waits for what is on it to get into the lanes. */
const PLAYED_MS = 2_000

export function createIntake(options: IntakeOptions): Intake {
  const { spool, place, dispatch, onSpool } = options
  const lanes = createPutArrivals({ place, dispatch })
  const troubles = createTroubles()

  const player = createSpoolPlayer({
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
    await within(PLAYED_MS, player.played(), () => {})
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
