import { withCrashPoints } from '../kernel/crash-points.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { RedisState } from '../state/redis/memory.ts'
import { createFailures, type Failures } from './dead-letters/failures.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import type { Lane } from './entry.ts'
import { createLanePlaces, type LanePlaces } from './lane-positions.ts'
import { createLanes, type Lanes } from './lanes.ts'
import { createLastDelivered, type LastDelivered } from './last-delivered.ts'
import { createWorkers, type Workers, type WorkersOptions } from './workers.ts'

/** The lanes of all directions with their dead letters, and what works on them once it is given handlers. */
export type Queue = Pick<Workers, 'start' | 'hold' | 'revive' | 'isRunning' | 'close'> & {
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

type QueueOptions = Omit<WorkersOptions, 'redis' | 'prefix' | 'lanes' | 'lastDelivered'> & {
  state: RedisState
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
