import type { Clock } from '../kernel/clock.ts'
import { withCrashPoints } from '../kernel/crash-points.ts'
import type { AccountId } from '../kernel/ids.ts'
import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory, type RedisState } from '../state/redis/memory.ts'
import { createFailures, type Failures } from './dead-letters/failures.ts'
import { type Direction, type Lane, laneName, type NewEntry } from './entry.ts'
import { createLanePositions, type LanePositions } from './lane-positions.ts'
import type { LaneWorker } from './lane-worker.ts'
import { createLanes, createLastDelivered, type Lanes, type LastDelivered } from './lanes.ts'
import { createWorkers, type Workers, type WorkersOptions } from './workers.ts'

/** The lanes of all directions with their dead letters, and what works on them once it is given handlers. */
export type Queue = Pick<Workers, 'start' | 'hold' | 'revive' | 'isRunning' | 'close'> & {
  lanes: Lanes
  places: LanePositions
  /** The dead letters. */
  failures: Failures
  dispatch: Dispatch
  lastDelivered: LastDelivered
  /** Does with Redis what a webhook needs. Rejects when it does not take that. */
  tryOut(): Promise<void>
  /** Has the lane looked at now, even while its head waits for a retry. */
  look(lane: Lane): Promise<void>
  /** Leaves no trace of the name of a lane that is empty now. */
  forget(lane: Lane): Promise<void>
}

type QueueOptions = Omit<WorkersOptions, 'redis' | 'prefix' | 'lanes' | 'lastDelivered'> & {
  state: RedisState
}

/** Comes before everything that queues, and knows no handlers until {@link Queue.start}. */
export function createQueue(options: QueueOptions): Queue {
  const { queueRedis, accounts, clock, exclusive, observer } = options
  const { redis, prefix, onSetAside } = options.state
  const tiesBy = exclusive ? 'append' : 'arrival'
  const lanes = withCrashPoints('lanes', createLanes({ redis, prefix, clock, tiesBy }))
  const places = createLanePositions({ redis, prefix, lanes })
  const failures = createFailures({ redis, prefix, places, onSetAside })
  const lastDelivered = createLastDelivered({ clock })
  const workers = createWorkers({
    redis,
    queueRedis,
    prefix,
    lanes,
    lastDelivered,
    accounts,
    clock,
    exclusive,
    observer,
  })
  const { onWorkerError } = observer
  return {
    lanes,
    places,
    failures: withCrashPoints('failures', failures),
    lastDelivered,
    dispatch: createDispatch({ lanes, workers, clock, onWorkerError }),
    tryOut: () => tryLanes(lanes),
    look: (lane) => workers[lane.direction].schedule(lane, { now: true }),
    forget: (lane) => workers[lane.direction].forget(lane),
    start: workers.start,
    hold: workers.hold,
    revive: workers.revive,
    isRunning: workers.isRunning,
    close: workers.close,
  }
}

/** A lane of no account: ids of accounts are never empty. */
const TRIAL: Lane = { direction: 'in', account: '' as AccountId, key: 'trial' }

/** Takes the way of a webhook through Redis: appends to a lane, looks at it, removes what is there. */
async function tryLanes(lanes: Pick<Lanes, 'append' | 'head' | 'remove'>): Promise<void> {
  await lanes.append([{ lane: TRIAL, order: 0, receivedAt: 0, event: {} }])
  for (let entry = await lanes.head(TRIAL); entry; entry = await lanes.head(TRIAL)) {
    await lanes.remove(TRIAL, entry.id)
  }
}

export type Dispatch = {
  /**
   * Durable when it resolves; the lanes' workers are told afterwards. A crash in between loses nothing, since a
   * sweep finds lanes that hold something.
   */
  post(entries: NewEntry[]): Promise<void>
  /** Begins to look at every lane of an account again, also those that wait for a retry. */
  wake(account: AccountId, direction: Direction): void
}

type DispatchOptions = {
  lanes: Lanes
  workers: Record<Direction, LaneWorker>
  clock: Clock
  onWorkerError: (error: unknown) => void
}

function createDispatch(options: DispatchOptions): Dispatch {
  const { lanes, workers, clock, onWorkerError } = options
  return {
    async post(entries) {
      if (entries.length === 0) return
      await lanes.append(entries)
      for (const [lane, delayMs] of delays(entries, clock.now())) {
        workers[lane.direction].schedule(lane, { delayMs }).catch(onWorkerError)
      }
      for (const { lane, urgent } of entries) {
        if (urgent) workers[lane.direction].schedule(lane, { now: true }).catch(onWorkerError)
      }
    },
    wake(account, direction) {
      workers[direction].sweep([account], { now: true })
    },
  }
}

/** Each lane once, with the shortest wait any of its new entries asks for. */
function delays(entries: NewEntry[], now: number): [Lane, number][] {
  const byName = new Map<string, [Lane, number]>()
  for (const { lane, receivedAt, delayMs } of entries) {
    const delay = delayMs === undefined ? 0 : Math.max(0, receivedAt + delayMs - now)
    const known = byName.get(laneName(lane))
    byName.set(laneName(lane), [lane, Math.min(delay, known?.[1] ?? delay)])
  }
  return [...byName.values()]
}

/** Lets something happen at most once in a span of time, across processes and restarts. */
export type Throttle = {
  /** True for the first caller of a name; false for all others until `ms` have passed. */
  allow(name: string, ms: number): Promise<boolean>
  /** Lets the next caller through at once. */
  reset(name: string): Promise<void>
}

export function createThrottle(state: RedisState): Throttle {
  const throttle = createMemory(state, MEMORIES.throttle)
  return {
    allow: (name, ms) => throttle(name).add('1', ms),
    async reset(name) {
      await throttle(name).remove()
    },
  }
}
