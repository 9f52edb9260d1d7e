import { setTimeout as wait } from 'node:timers/promises'
import { onRedisBack } from '../../redis/on-back.ts'
import { createGroupFlush } from '../../store/file/group-flush.ts'
import type { DeliveryOptions } from '../delivery.ts'
import { createLaneWorker, type LaneWorker } from './lane-worker.ts'
import type { Direction, Lanes } from './lanes.ts'
import { createSettling, UNSHARED } from './settling.ts'
import type { Handle, TurnOptions } from './turn.ts'

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

export function createWorkers(
  options: DeliveryOptions,
  turns: Pick<TurnOptions, 'giveUp' | 'retryFor' | 'onAttemptFailed'> & {
    lanes: Lanes
    handlers: Record<Direction, Handle>
  },
): Workers {
  const { queueRedis, redis, prefix, clock, exclusive, observer } = options
  const { handlers, ...rest } = turns
  const ids = [...options.accounts.keys()]
  const share = Math.max(LEAST, Math.floor(IN_ALL / Math.max(1, ids.length)))

  const settling = exclusive ? UNSHARED : createSettling(redis)

  const worker = (direction: Direction): LaneWorker =>
    createLaneWorker({
      ...rest,
      direction,
      clock,
      prefix,
      exclusive,
      redis: queueRedis(),
      blockingRedis: queueRedis(),
      perAccount: Math.min(PER_ACCOUNT[direction], share),
      accounts: ids.length,
      handle: handlers[direction],
      heldMs: settling.heldMs,
      onWorkerError: observer.onWorkerError,
    })
  const workers = { in: worker('in'), out: worker('out'), status: worker('status') }
  const all = Object.values(workers)
  const sweep = () => {
    for (const each of all) each.sweep(ids)
  }
  const closing = new AbortController()
  let sweeping: NodeJS.Timeout | undefined
  let stopReviving = () => {}

  /** A connection that is there may still lead to a replica, or to a server that is full. */
  async function untilTaken(work: () => Promise<unknown>): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await work()
        return
      } catch (error) {
        if (!closing.signal.aborted) observer.onWorkerError(error)
        await wait(REVIVE_MS, undefined, { ref: false })
      }
    }
  }
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
      await Promise.all(all.map((each) => each.close()))
    },
  }
}
