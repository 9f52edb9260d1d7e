import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { createGroupFlush, withTimeout } from '../kernel/async.ts'
import type { Clock } from '../kernel/clock.ts'
import type { AccountId } from '../kernel/ids.ts'
import { onRedisBack } from '../state/redis/away.ts'
import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory } from '../state/redis/memory.ts'
import type { Direction } from './entry.ts'
import { createLaneWorker, createOutageGrace, type LaneWorker, UNSHARED } from './lane-worker.ts'
import type { Lanes, LastDelivered } from './lanes.ts'
import { createAlone, createTurnMarks, type Handle, type TurnOptions } from './turn.ts'

/** What is done with entries, and what becomes of those that fail. */
export type Work = Pick<TurnOptions, 'giveUp' | 'setAside' | 'retryFor' | 'onAttemptFailed'> & {
  handlers: Record<Direction, Handle>
}

/** The workers of all directions. */
export type Workers = Record<Direction, LaneWorker> & {
  /**
   * Begins to work, and looks at all lanes now, every so often and whenever Redis was away. Waits for a Redis that is away or
   * takes no writes, as long as it takes.
   */
  start(work: Work): Promise<void>
  /** Redis takes no writes. Where several processes share it, nothing is begun until {@link revive}. */
  hold(): void
  /** Redis takes writes again after it did not: makes all jobs anew, as soon as it lets it. */
  revive(): void
  isRunning(): boolean
  /** Lets the turns in hand finish. */
  close(): Promise<void>
}

/**
 * Lanes of one account worked on at once, by direction. Sends are paced per session anyway. With many accounts each has
 * fewer, so that all of them together stay affordable.
 */
const PER_ACCOUNT: Record<Direction, number> = { in: 30, out: 30, status: 15 }
const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']
const LEAST = 2
const IN_ALL = 600

/** Repairs lanes that hold something and have no job. */
const SWEEP_MS = 15_000
const REVIVE_MS = 500
/** Redis may be silent for longer than the end of the bridge can wait for it. */
const LEAVE_MS = 1_000

export type WorkersOptions = {
  /** For commands that must fail fast when Redis is away. */
  redis: Redis
  /** Makes connections that wait while Redis is away. */
  queueRedis: () => Redis
  prefix: string
  lanes: Lanes
  lastDelivered: LastDelivered
  accounts: readonly AccountId[]
  clock: Clock
  /** True when no other bridge process shares this Redis. */
  exclusive: boolean
  observer: Pick<TurnOptions, 'onNewer' | 'onWorkerError' | 'onClockWasAhead'>
}

export function createWorkers(options: WorkersOptions): Workers {
  const { redis, accounts, exclusive } = options
  const onError = options.observer.onWorkerError
  /** Names this process. */
  const run = randomUUID()
  const marks = createTurnMarks({ redis, prefix: options.prefix, run, isShared: !exclusive })
  const alone = createAlone()
  const living = createLiving({ redis, prefix: options.prefix, run, onError })
  const outageGrace = exclusive ? UNSHARED : createOutageGrace(redis)
  const worker = (direction: Direction) => createWorker(options, direction)
  const workers = { in: worker('in'), out: worker('out'), status: worker('status') }
  const all = Object.values(workers)

  /** What the turns of one direction work with. */
  const turns = (direction: Direction, work: Work): TurnOptions => ({
    lanes: options.lanes,
    marks,
    alone,
    lastDelivered: options.lastDelivered,
    clock: options.clock,
    handle: work.handlers[direction],
    giveUp: work.giveUp,
    setAside: work.setAside,
    retryFor: work.retryFor,
    heldMs: outageGrace.heldMs,
    onNewer: options.observer.onNewer,
    onWorkerError: onError,
    onClockWasAhead: options.observer.onClockWasAhead,
    onAttemptFailed: work.onAttemptFailed,
  })
  const sweep = () => {
    for (const each of all) each.sweep(accounts)
  }
  const closing = new AbortController()
  let sweeping: NodeJS.Timeout | undefined
  let stopReviving = () => {}

  const untilTaken = createUntilTaken(closing.signal, onError)
  const reviving = createGroupFlush(() =>
    untilTaken(() => Promise.all(all.map((each) => each.revive(accounts)))),
  )
  const revive = () => {
    outageGrace.back()
    reviving.request().catch(onError)
  }

  return {
    ...workers,
    hold: outageGrace.away,
    revive,
    isRunning: () => all.every((each) => each.isRunning()),
    async start(work) {
      if (!exclusive) await untilTaken(living.start)
      for (const direction of DIRECTIONS) {
        await untilTaken(() => workers[direction].start(turns(direction, work)))
      }
      if (closing.signal.aborted) return
      stopReviving = onRedisBack(redis, revive)
      sweep()
      sweeping = setInterval(sweep, SWEEP_MS)
    },
    async close() {
      closing.abort()
      clearInterval(sweeping)
      stopReviving()
      outageGrace.close()
      living.close()
      alone.close()
      // What is in hand from now on has nothing to do with the end of the process.
      await withTimeout(LEAVE_MS, marks.leaveAll(), () => {}).catch(onError)
      await Promise.all(all.map((each) => each.close()))
    },
  }
}

function createWorker(options: WorkersOptions, direction: Direction): LaneWorker {
  const { lanes, queueRedis, prefix, accounts, clock, exclusive, observer } = options
  const share = Math.max(LEAST, Math.floor(IN_ALL / Math.max(1, accounts.length)))
  return createLaneWorker({
    direction,
    lanes,
    clock,
    prefix,
    exclusive,
    redis: queueRedis(),
    blockingRedis: queueRedis(),
    perAccount: Math.min(PER_ACCOUNT[direction], share),
    accounts: accounts.length,
    onWorkerError: observer.onWorkerError,
    onClockWasAhead: observer.onClockWasAhead,
  })
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

/** Says that this process lives, to others that share its Redis. */
type Living = { start(): Promise<void>; close(): void }

const SAY_MS = 5_000

export function createLiving(deps: {
  redis: Redis
  prefix: string
  run: string
  onError: (error: unknown) => void
}): Living {
  const { run, onError } = deps
  const living = createMemory(deps, MEMORIES.living)
  const say = () => living(run).set('1')
  let saying: NodeJS.Timeout | undefined
  return {
    async start() {
      await say()
      saying = setInterval(() => say().catch(onError), SAY_MS)
    },
    close: () => clearInterval(saying),
  }
}
