import { setTimeout as wait } from 'node:timers/promises'
import { onRedisBack } from '../../redis/on-back.ts'
import { createGroupFlush } from '../../store/file/group-flush.ts'
import { within } from '../../within.ts'
import type { DeliveryOptions } from '../delivery.ts'
import { createAlone } from './alone.ts'
import { createLaneWorker, type LaneWorker } from './lane-worker.ts'
import type { Direction, Lanes } from './lanes.ts'
import { createLiving } from './living.ts'
import { createSettling, UNSHARED } from './settling.ts'
import type { Handle, TurnOptions } from './turn.ts'
import type { TurnMarks } from './turn-marks.ts'

/** The workers of all directions. */
export type Workers = Record<Direction, LaneWorker> & {
  /**
   * Starts them, and looks at all lanes now, every so often and whenever Redis was away. Waits for a Redis that is away or
   * takes no writes, as long as it takes.
   */
  start(): Promise<void>
  /** Redis takes no writes. Where several processes share it, nothing is begun until {@link revive}. */
  hold(): void
  /** Redis takes writes again after it did not: makes all jobs anew, as soon as it lets it. */
  revive(): void
  isRunning(): boolean
  /** The jobs of all directions, to look at. */
  queues: readonly LaneWorker['queue'][]
  /** Lets the turns in hand finish. */
  close(): Promise<void>
}

/**
 * Lanes of one account worked on at once, by direction. Sends are paced per session anyway. With many accounts each has
 * fewer, so that all of them together stay affordable.
 */
const PER_ACCOUNT: Record<Direction, number> = { in: 30, out: 30, status: 15 }
const LEAST = 2
const IN_ALL = 600

/** Repairs lanes that hold something and have no job. */
const SWEEP_MS = 15_000
const REVIVE_MS = 500
/** Redis may be silent for longer than the end of the bridge can wait for it. */
const LEAVE_MS = 1_000

export function createWorkers(
  options: DeliveryOptions,
  turns: Pick<
    TurnOptions,
    'giveUp' | 'setAside' | 'retryFor' | 'onAttemptFailed' | 'lastDelivered'
  > & {
    /** Names this process. */
    run: string
    lanes: Lanes
    marks: TurnMarks
    handlers: Record<Direction, Handle>
  },
): Workers {
  const { queueRedis, redis, prefix, clock, exclusive, observer } = options
  const { handlers, ...rest } = turns
  const ids = [...options.accounts.keys()]
  const share = Math.max(LEAST, Math.floor(IN_ALL / Math.max(1, ids.length)))

  const alone = createAlone()
  const living = createLiving({ ...turns, redis, prefix, onError: observer.onWorkerError })
  const settling = exclusive ? UNSHARED : createSettling(redis)

  const worker = (direction: Direction): LaneWorker =>
    createLaneWorker({
      ...rest,
      direction,
      alone,
      clock,
      prefix,
      exclusive,
      redis: queueRedis(),
      blockingRedis: queueRedis(),
      perAccount: Math.min(PER_ACCOUNT[direction], share),
      accounts: ids.length,
      handle: handlers[direction],
      heldMs: settling.heldMs,
      onNewer: observer.onNewer,
      onWorkerError: observer.onWorkerError,
      onClockWasAhead: observer.onClockWasAhead,
    })
  const workers = { in: worker('in'), out: worker('out'), status: worker('status') }
  const all = Object.values(workers)
  const sweep = () => {
    for (const each of all) each.sweep(ids)
  }
  const closing = new AbortController()
  let sweeping: NodeJS.Timeout | undefined
  let stopReviving = () => {}

  const untilTaken = createUntilTaken(closing.signal, observer.onWorkerError)
  const reviving = createGroupFlush(() =>
    untilTaken(() => Promise.all(all.map((each) => each.revive(ids)))),
  )
  const revive = () => {
    settling.back()
    reviving.request().catch(observer.onWorkerError)
  }

  return {
    ...workers,
    hold: settling.away,
    revive,
    isRunning: () => all.every((each) => each.isRunning()),
    queues: all.map(({ queue }) => queue),
    async start() {
      if (!exclusive) await untilTaken(living.start)
      for (const each of all) await untilTaken(() => each.start())
      if (closing.signal.aborted) return
      stopReviving = onRedisBack(redis, revive)
      sweep()
      sweeping = setInterval(sweep, SWEEP_MS)
    },
    async close() {
      closing.abort()
      clearInterval(sweeping)
      stopReviving()
      settling.close()
      living.close()
      alone.close()
      // What is in hand from now on has nothing to do with the end of the process.
      await within(LEAVE_MS, turns.marks.leaveAll(), () => {}).catch(observer.onWorkerError)
      await Promise.all(all.map((each) => each.close()))
    },
  }
}

/** A connection that is there may still lead to a replica, or to a server that is full. */
function createUntilTaken(closing: AbortSignal, onError: (error: unknown) => void) {
  return async (work: () => Promise<unknown>): Promise<void> => {
    while (!closing.aborted) {
      try {
        await work()
        return
      } catch (error) {
        if (!closing.aborted) onError(error)
        await wait(REVIVE_MS, undefined, { ref: false })
      }
    }
  }
}
