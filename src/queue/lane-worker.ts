import type { Redis } from 'ioredis'
import { BridgeError, isRetryable } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Entry, Lane } from './entry.ts'
import { createSlots, createWalks } from './fair-share.ts'
import { createLaneJobs, type LaneJobsOptions } from './lane-jobs.ts'
import type { Lanes } from './lanes.ts'
import { type TurnOptions, takeTurn } from './turn.ts'
import { WaitUntil } from './wait-until.ts'

type LaneWorkerOptions = Pick<TurnOptions, 'clock' | 'onWorkerError' | 'onClockWasAhead'> &
  Pick<LaneJobsOptions, 'direction' | 'redis' | 'blockingRedis' | 'prefix'> & {
    lanes: Pick<Lanes, 'page'>
    /** Lanes of one account worked on at the same time. */
    perAccount: number
    /** Accounts that may have so many at the same time. */
    accounts: number
    /** True when no other process works on this Redis: left-over jobs are then nobody's. */
    exclusive: boolean
  }

export type LaneWorker = {
  /** Makes sure a job will look at the lane: after `delayMs`, or right now even when a retry is waiting. */
  schedule(lane: Lane, options?: { delayMs?: number; now?: boolean }): Promise<void>
  /** Begins to schedule every lane that holds something. Jobs are deduplicated, so this repairs any gap. */
  sweep(accounts: readonly AccountId[], options?: { now?: boolean }): void
  /** Leaves no trace of the name of a lane that is empty now. */
  forget(lane: Lane): Promise<void>
  /** Begins to take turns. What is scheduled before waits for this. */
  start(turns: TurnOptions): Promise<void>
  /** Redis was away and what it knows of jobs may be wrong: makes them anew. */
  revive(accounts: readonly AccountId[]): Promise<void>
  isRunning(): boolean
  /** Waits for the turns in hand. */
  close(): Promise<void>
}

/**
 * Works the lanes of one direction. A lane has at most one job, so its entries are handled one after the other,
 * whatever the concurrency. The lanes are the truth and jobs only point at them: a process that is alone on its Redis
 * throws left-over jobs away at start and makes them anew, which at once frees lanes whose job was in the hands of a
 * killed process. Every account has slots of its own, so that none waits for another one's platform.
 */
export function createLaneWorker(options: LaneWorkerOptions): LaneWorker {
  const { direction, lanes, clock, exclusive, perAccount, onWorkerError } = options
  const slots = createSlots({ perAccount })
  const jobs = createLaneJobs({
    direction,
    redis: options.redis,
    blockingRedis: options.blockingRedis,
    prefix: options.prefix,
    concurrency: Math.max(1, perAccount * options.accounts),
    onError: onWorkerError,
  })

  const schedule: LaneWorker['schedule'] = async (lane, { delayMs = 0, now = false } = {}) => {
    // A job would only find out that no slot is free.
    if (delayMs === 0 && slots.park({ lane, now })) return
    await jobs.add(lane, { delayMs, now })
  }

  const walks = createWalks({
    lanes,
    direction,
    slots,
    look: ({ lane, now }) => schedule(lane, { now }),
    onError: onWorkerError,
  })
  slots.onRoom(walks.begin)

  async function work(
    turns: TurnOptions,
    lane: Lane,
    lost?: AbortSignal,
  ): Promise<number | undefined> {
    if (slots.take(lane) !== 'taken') return undefined
    try {
      const isMoreLeft = await takeTurn(turns, lane, lost).finally(() => {
        for (const next of slots.release(lane)) schedule(next, { now: true }).catch(onWorkerError)
      })
      if (isMoreLeft) await schedule(lane)
      return undefined
    } catch (error) {
      if (!(error instanceof WaitUntil)) throw error
      return Math.max(0, error.until - clock.now())
    }
  }

  function sweep(accounts: readonly AccountId[], { now = false } = {}): void {
    for (const account of accounts) walks.begin(account, now)
    jobs.hasten().then((count) => {
      if (count > 0) options.onClockWasAhead?.()
    }, onWorkerError)
  }

  return {
    schedule,
    sweep,
    forget: jobs.forget,
    async start(turns) {
      if (exclusive) await jobs.reset()
      jobs.start((lane, lost) => work(turns, lane, lost))
    },
    async revive(accounts) {
      if (exclusive) await jobs.reset()
      sweep(accounts)
    },
    isRunning: jobs.isRunning,
    close: jobs.close,
  }
}

/** Whether lanes have to wait for what other processes may still bring. */
type Settling = {
  /** For how many milliseconds nothing may be begun; 0 when nothing is in the way. */
  heldMs(): number
  /** Redis takes nothing: until it is back, nothing may be begun. A lost connection is noticed here as well. */
  away(): void
  back(): void
  close(): void
}

/** Long enough for every process to find its way back to Redis, or to be started again, and to play its spool. */
const SETTLE_MS = 5_000

/**
 * While the Redis they share is away, each process spools what comes to it. Nothing is begun before all of that can be in
 * the lanes, which sort it: otherwise what one process has would overtake what another one still holds.
 */
export function createSettling(
  redis: Pick<Redis, 'status' | 'on' | 'off'>,
  { settleMs = SETTLE_MS, now = () => performance.now() } = {},
): Settling {
  // An outage may have ended just before this process came: the others know, it does not.
  let until = redis.status === 'ready' ? now() + settleMs : undefined
  const away = () => {
    until = undefined
  }
  const back = () => {
    until ??= now() + settleMs
  }
  redis.on('close', away)
  redis.on('ready', back)
  return {
    away,
    back,
    heldMs: () => (until === undefined ? settleMs : Math.max(0, until - now())),
    close() {
      redis.off('close', away)
      redis.off('ready', back)
    },
  }
}

/** For a process that shares its Redis with nobody. */
export const UNSHARED: Settling = { heldMs: () => 0, away() {}, back() {}, close() {} }

/**
 * Work that is a courtesy and not a message: it is tried `attempts` times and then let go, since a dead letter about a
 * picture or a blue tick would only bury those that matter. Surprises outside the error tree are still thrown.
 */
export async function bestEffort(
  entry: Pick<Entry, 'attempts'>,
  attempts: number,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error
    if (isRetryable(error) && entry.attempts + 1 < attempts) throw error
  }
}
