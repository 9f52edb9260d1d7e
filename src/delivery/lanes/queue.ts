import { withCrashPoints } from '../../crash-points.ts'
import type { MemoryDeps } from '../../set-aside/memories.ts'
import { createDispatch, type Dispatch } from '../dispatch.ts'
import { createFailures, type Failures } from '../failures/failures.ts'
import { createLanePlaces, type LanePlaces } from './lane-places.ts'
import { createLanes, type Lane, type Lanes } from './lanes.ts'
import { createLastDelivered, type LastDelivered } from './last-delivered.ts'
import { tryLanes } from './try-lanes.ts'
import { createWorkers, type Workers, type WorkersOptions } from './workers.ts'

/** The lanes of all directions with their dead letters, and what works on them once it is given handlers. */
export type Queue = Pick<Workers, 'start' | 'hold' | 'revive' | 'isRunning' | 'jobs' | 'close'> & {
  lanes: Lanes
  places: LanePlaces
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

export type QueueOptions = Omit<WorkersOptions, 'redis' | 'prefix' | 'lanes' | 'lastDelivered'> & {
  state: MemoryDeps
}

/** Comes before everything that queues, and knows no handlers until {@link Queue.start}. */
export function createQueue(options: QueueOptions): Queue {
  const { queueRedis, accounts, clock, exclusive, observer } = options
  const { redis, prefix, onSetAside } = options.state
  const tiesBy = exclusive ? 'append' : 'arrival'
  const lanes = withCrashPoints('lanes', createLanes({ redis, prefix, clock, tiesBy }))
  const places = createLanePlaces({ redis, prefix, lanes })
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
    jobs: workers.jobs,
    close: workers.close,
  }
}
