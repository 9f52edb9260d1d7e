import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { AccountId } from '../ids.ts'
import { type Direction, type Lane, laneName, laneOf } from './lanes.ts'
import { type TurnOptions, takeTurn } from './turn.ts'

export type LaneWorkerOptions = TurnOptions & {
  direction: Direction
  /** Connection for commands. */
  redis: Redis
  /** Connection the worker may block on. */
  blockingRedis: Redis
  prefix: string
  /** Lanes worked on at the same time. */
  concurrency: number
  /** True when no other process works on this Redis: left-over jobs are then nobody's. */
  exclusive: boolean
  onWorkerError: (error: unknown) => void
}

export type LaneWorker = {
  /** Makes sure a job will look at the lane: after `delayMs`, or right now even when a retry is waiting. */
  schedule(lane: Lane, options?: { delayMs?: number; now?: boolean }): Promise<void>
  /** Schedules every lane that holds something. Jobs are deduplicated, so this repairs any gap. */
  sweep(accounts: AccountId[]): Promise<void>
  start(): Promise<void>
  isRunning(): boolean
  /** Waits for the turns in hand. */
  close(): Promise<void>
}

type LaneJob = Job<{ lane: string }>

/** After an unexpected failure of a turn itself, such as Redis going away in the middle of it. */
const REPAIR_MS = 1_000

/**
 * Works the lanes of one direction. A lane has at most one BullMQ job (deduplicated by the lane's name), so its
 * entries are handled one after the other, whatever the concurrency. The lanes are the truth and jobs only
 * point at them: a process that is alone on its Redis throws left-over jobs away at start and makes them anew,
 * which at once frees lanes whose job was in the hands of a killed process.
 */
export function createLaneWorker(options: LaneWorkerOptions): LaneWorker {
  const prefix = `${options.prefix}bull`
  const queue = new Queue(`lanes-${options.direction}`, {
    connection: options.redis,
    prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })

  const schedule: LaneWorker['schedule'] = async (lane, { delayMs = 0, now = false } = {}) => {
    const id = laneName(lane)
    const deduplication = { id, keepLastIfActive: true, ...(now ? { reschedule: true } : {}) }
    await queue.add('lane', { lane: id }, { deduplication, delay: delayMs })
  }

  const run = async (job: LaneJob, token?: string): Promise<void> => {
    const lane = laneOf(job.data.lane)
    const end = await takeTurn(options, lane)
    if (end === 'more') await schedule(lane)
    if (typeof end === 'object') {
      const wait = Math.max(0, end.waitUntil - options.clock.now())
      await job.moveToDelayed(Date.now() + wait, token)
      throw new DelayedError()
    }
  }

  const worker = new Worker(queue.name, run, {
    connection: options.blockingRedis,
    prefix,
    autorun: false,
    concurrency: options.concurrency,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  })
  worker.on('error', options.onWorkerError)
  queue.on('error', options.onWorkerError)
  worker.on('failed', (job, error) => {
    options.onWorkerError(error)
    if (job) schedule(laneOf(job.data.lane), { delayMs: REPAIR_MS }).catch(options.onWorkerError)
  })

  return {
    schedule,
    async sweep(accounts) {
      for (const account of accounts) {
        const waiting = await options.lanes.list(options.direction, account)
        for (const lane of waiting) await schedule(lane)
      }
    },
    async start() {
      if (options.exclusive) await queue.obliterate({ force: true })
      worker.run().catch(options.onWorkerError)
    },
    isRunning: () => worker.isRunning(),
    async close() {
      await worker.close()
      await queue.close()
    },
  }
}
