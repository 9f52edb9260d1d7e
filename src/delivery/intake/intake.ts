import { TransientError } from '../../errors.ts'
import { awayReason } from '../../redis/away.ts'
import type { Dispatch } from '../dispatch.ts'
import { laneName, type NewEntry } from '../lanes/lanes.ts'
import type { Arrival, PlaceArrival } from './place-arrival.ts'
import { createSpoolPlayer } from './play-spool.ts'
import type { Spool } from './spool.ts'

/** Takes in what webhooks bring. */
export type Intake = {
  /**
   * Durable once resolved: in the lanes, or in the spool while Redis is away. What went into the spool goes first, so
   * that nothing overtakes it. Resolves with how many wait now; the others need nothing more.
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

/** Whoever sent the webhook gives up after five seconds (chatwoot-webhooks.md, section 3). */
const PATIENCE_MS = 1_500

export function createIntake({ spool, place, dispatch, onSpool, onError }: IntakeOptions): Intake {
  async function put(arrivals: Arrival[]): Promise<number> {
    const entries = await placeAll(place, arrivals)
    await dispatch.post(entries)
    return entries.length
  }

  /** What was given up here may reach Redis all the same, and comes twice then: claims and journal know it. */
  const putSoon = (arrivals: Arrival[]) => within(PATIENCE_MS, put(arrivals))

  const player = createSpoolPlayer({
    spool,
    put: putSoon,
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

  return {
    async accept(arrivals) {
      if (arrivals.length === 0) return 0
      if (spool.isHolding()) return keep(arrivals)
      try {
        return await putSoon(arrivals)
      } catch (error) {
        const reason = awayReason(error)
        if (reason === undefined) throw error
        if (!spool.isHolding()) onSpool({ state: 'filling', reason })
        return keep(arrivals)
      }
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

/** Finds the lanes of arrivals that are posted together, each with those before it in mind. */
async function placeAll(place: PlaceArrival, arrivals: Arrival[]): Promise<NewEntry[]> {
  const entries: NewEntry[] = []
  const ahead = new Set<string>()
  for (const arrival of arrivals) {
    const entry = await place(arrival, ahead)
    if (entry === undefined) continue
    entries.push(entry)
    ahead.add(laneName(entry.lane))
  }
  return entries
}

/** @throws {TransientError} `redis.away` when the work takes longer. It goes on all the same. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(tooSlow()), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function tooSlow(): TransientError {
  const reason = 'it does not answer in time'
  return new TransientError(`Redis is away: ${reason}.`, {
    code: 'redis.away',
    context: { reason },
  })
}
