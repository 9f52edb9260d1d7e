import { awayReason } from '../../redis/away.ts'
import type { Dispatch } from '../dispatch.ts'
import type { Arrival, PlaceArrival } from './place-arrival.ts'
import { createSpoolPlayer } from './play-spool.ts'
import { createPutArrivals, type Put } from './put-arrivals.ts'
import type { Spool } from './spool.ts'

/** Takes in what webhooks bring. */
export type Intake = {
  /**
   * Durable once resolved: in the lanes, or in the spool while Redis is away or too slow for so many. What went into the
   * spool goes first, so that nothing overtakes it. Resolves with how many wait now; the others need nothing more.
   */
  accept(arrivals: Arrival[]): Promise<number>
  isHolding(): boolean
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
  /** Something else than Redis being away keeps the spool from being played. It is tried again. */
  onError: (error: unknown) => void
}

export function createIntake({ spool, place, dispatch, onSpool, onError }: IntakeOptions): Intake {
  const lanes = createPutArrivals({ place, dispatch })

  const player = createSpoolPlayer({
    spool,
    // What a webhook gave up may still be on its way into the lanes, and would come twice if it was played meanwhile.
    ready: lanes.idle,
    put: async (arrivals) => (await lanes.put(arrivals)).taken,
    onEmpty: () => onSpool({ state: 'empty' }),
    onError,
  })

  async function keep(arrivals: Arrival[]): Promise<number> {
    try {
      await spool.append(arrivals)
      return arrivals.length
    } finally {
      player.play()
    }
  }

  function keepFor(reason: string, arrivals: Arrival[]): Promise<number> {
    if (!spool.isHolding()) onSpool({ state: 'filling', reason })
    return keep(arrivals)
  }

  /** A step that was given up may reach Redis all the same, and comes twice then: claims and journal know it. */
  async function putSoon(arrivals: Arrival[]): Promise<Put> {
    try {
      return await lanes.putSoon(arrivals)
    } catch (error) {
      const reason = awayReason(error)
      if (reason === undefined) throw error
      return { taken: arrivals.length, waiting: await keepFor(reason, arrivals) }
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
