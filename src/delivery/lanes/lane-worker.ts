import type { AccountId } from '../../ids.ts'
import { createLaneJobs, type LaneJobs, type LaneJobsOptions } from './lane-jobs.ts'
import type { Lane, Lanes } from './lanes.ts'
import { createSlots } from './slots.ts'
import { type TurnOptions, takeTurn } from './turn.ts'
import { createWalks } from './walks.ts'

export type LaneWorkerOptions = Pick<TurnOptions, 'clock' | 'onWorkerError' | 'onClockWasAhead'> &
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
  /** To look at. */
  queue: LaneJobs['queue']
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
    const end = await takeTurn(turns, lane, lost).finally(() => {
      for (const next of slots.release(lane)) schedule(next, { now: true }).catch(onWorkerError)
    })
    if (end === 'more') await schedule(lane)
    return typeof end === 'object' ? Math.max(0, end.waitUntil - clock.now()) : undefined
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
    queue: jobs.queue,
    close: jobs.close,
  }
}
