import { setTimeout as wait } from 'node:timers/promises'
import { DelayedError, ErrorCode, type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { closeWorker, createInHand } from '../state/redis/close-worker.ts'
import { redisKey } from '../state/redis/keys.ts'
import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory } from '../state/redis/memory.ts'
import { type Direction, type Lane, laneName, laneOf } from './entry.ts'
import { LONGEST_WAIT_MS } from './retry.ts'

/** What tells a worker to look at a lane: at most one BullMQ job per lane, deduplicated by the lane's name. */
export type LaneJobs = {
  /** Has the lane looked at after `delayMs`, or with `now` even when a retry is waiting. */
  add(lane: Lane, when: { delayMs: number; now: boolean }): Promise<void>
  /** Leaves no trace of the name of a lane that is empty now: of its job, its wish and what BullMQ tells of jobs. */
  forget(lane: Lane): Promise<void>
  /** Takes up what is due later than anything waits: it was put off while the clock was ahead. Answers with how much. */
  hasten(): Promise<number>
  /** Begins to have lanes looked at by `work`, which says in how many ms to do so again; not at all when `undefined`. */
  start(work: LookAtLane): void
  /** Forgets every job, also those that somebody works on. */
  reset(): Promise<void>
  isRunning(): boolean
  /** Waits for the work in hand. */
  close(): Promise<void>
}

export type LookAtLane = (lane: Lane, lost?: AbortSignal) => Promise<number | undefined>

export type LaneJobsOptions = {
  direction: Direction
  /** Connection for commands. */
  redis: Redis
  /** Connection the worker may block on. */
  blockingRedis: Redis
  prefix: string
  concurrency: number
  onError: (error: unknown) => void
}

/** How long a job in hand is waited for that nobody is to know of any more. */
const FORGET_MS = 3_000
const FORGET_POLL_MS = 50

type LaneJob = Job<{ lane: string }>

/** After an unexpected failure, such as Redis going away in the middle of a turn. */
const REPAIR_MS = 1_000
/** How soon a job is free again that was given to somebody who never got to know of it, and how often that is checked. */
const LOCK_MS = 15_000
const STALLED_MS = 5_000

/** BullMQ sorts what is due by the moment in ms times so many, with room for the order within one. */
const TICKS_PER_MS = 0x1000
/** So many at a time; the next sweep takes up the next ones. */
const MOST_HASTENED = 1_000

export function createLaneJobs(options: LaneJobsOptions): LaneJobs {
  const onError = (error: unknown): void => {
    if (!isGone(error)) options.onError(error)
  }
  const prefix = redisKey(options.prefix, 'bull')
  const queue = new Queue(`lanes-${options.direction}`, {
    connection: options.redis,
    prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })

  const point: LaneJobs['add'] = async (lane, { delayMs, now }) => {
    const id = laneName(lane)
    const deduplication = { id, keepLastIfActive: true, ...(now ? { reschedule: true } : {}) }
    await queue.add('lane', { lane: id }, { deduplication, delay: delayMs })
  }

  /** There while a lane is to be looked at now, whichever process has its job in hand. */
  const lookNow = createMemory(options, MEMORIES.lookNow)

  const add: LaneJobs['add'] = async (lane, when) => {
    if (when.now) await lookNow(laneName(lane)).set('1')
    await point(lane, when)
  }

  /** BullMQ keeps no wish to look now while it delays the job in hand. One that was met already costs one look more. */
  async function heedWish(lane: Lane): Promise<void> {
    if (await lookNow(laneName(lane)).remove()) await point(lane, { delayMs: 0, now: true })
  }

  /** A job that is gone, because Redis lost it or it was made anew, cannot be delayed; another one can. */
  async function postpone(job: LaneJob, token: string | undefined, ms: number): Promise<void> {
    const lane = laneOf(job.data.lane)
    try {
      await job.moveToDelayed(Date.now() + ms, token)
    } catch (error) {
      onError(error)
      await point(lane, { delayMs: Math.max(1, ms), now: false })
      return heedWish(lane)
    }
    await heedWish(lane).catch(onError)
    throw new DelayedError()
  }

  queue.on('error', onError)
  const inHand = createInHand()
  let worker: Worker | undefined
  let isClosed = false

  function start(work: LookAtLane): void {
    if (isClosed) return
    const run = async (job: LaneJob, token?: string, lost?: AbortSignal): Promise<void> => {
      const again = await inHand.track(work(laneOf(job.data.lane), lost))
      if (again !== undefined) await postpone(job, token, again)
    }
    const { blockingRedis, concurrency } = options
    const repair = (lane: Lane) => add(lane, { delayMs: REPAIR_MS, now: false })
    worker = createWorker(queue.name, run, { blockingRedis, prefix, concurrency, repair, onError })
    worker.run().catch(onError)
  }

  /** Who has the job in hand finds the lane empty, and then the job goes by itself, which is waited for. */
  async function forget(lane: Lane): Promise<void> {
    await lookNow(laneName(lane)).remove()
    for (let waited = 0; waited < FORGET_MS; waited += FORGET_POLL_MS) {
      const id = await queue.getDeduplicationJobId(laneName(lane))
      const job = id === null ? undefined : await queue.getJob(id)
      if (job === undefined) break
      if (await job.isActive()) await wait(FORGET_POLL_MS)
      else await job.remove().catch(onError)
    }
    await queue.trimEvents(0)
  }

  return {
    add,
    forget,
    hasten: () => hastenJobs(queue, options.redis, (lane) => add(lane, { delayMs: 0, now: true })),
    start,
    reset: () => queue.obliterate({ force: true }),
    isRunning: () => worker?.isRunning() === true,
    async close() {
      isClosed = true
      if (worker !== undefined) await closeWorker(worker, options.redis, inHand)
      await queue.close()
    },
  }
}

async function hastenJobs(
  queue: Queue,
  redis: Redis,
  look: (lane: Lane) => Promise<void>,
): Promise<number> {
  const latest = (Date.now() + LONGEST_WAIT_MS) * TICKS_PER_MS
  const range = ['+inf', `(${latest}`, 'BYSCORE', 'REV', 'LIMIT', '0', String(MOST_HASTENED)]
  const ids = (await redis.call('ZRANGE', queue.toKey('delayed'), ...range)) as string[]
  for (const id of ids) {
    const job = (await queue.getJob(id)) as LaneJob | undefined
    if (job !== undefined) await look(laneOf(job.data.lane))
  }
  return ids.length
}

const GONE = new Set<unknown>([
  ErrorCode.JobNotExist,
  ErrorCode.JobLockNotExist,
  ErrorCode.JobNotInState,
  ErrorCode.JobLockMismatch,
])

/** The job was made anew meanwhile, or Redis lost it. That is of no consequence: jobs only point at lanes. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && GONE.has(error.code)
}

type Run = (job: LaneJob, token?: string, lost?: AbortSignal) => Promise<void>

function createWorker(
  name: string,
  run: Run,
  options: Pick<LaneJobsOptions, 'blockingRedis' | 'prefix' | 'concurrency' | 'onError'> & {
    repair: (lane: Lane) => Promise<void>
  },
) {
  const worker = new Worker(name, run, {
    connection: options.blockingRedis,
    prefix: options.prefix,
    autorun: false,
    concurrency: options.concurrency,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    runRetryDelay: REPAIR_MS,
  })
  const { repair, onError } = options
  worker.on('error', onError)
  worker.on('failed', (job: LaneJob | undefined, error) => {
    onError(error)
    if (job !== undefined) repair(laneOf(job.data.lane)).catch(onError)
  })
  // Somebody else may work on the lane by now.
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id)
  })
  return worker
}
