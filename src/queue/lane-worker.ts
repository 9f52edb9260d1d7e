import { setTimeout as wait } from 'node:timers/promises'
import { DelayedError, ErrorCode, type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { BridgeError, isRetryable } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { closeWorker, createInHand } from '../state/redis/close-worker.ts'
import { redisKey } from '../state/redis/keys.ts'
import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory } from '../state/redis/memory.ts'
import { type Direction, type Entry, type Lane, laneName, laneOf } from './entry.ts'
import { createFairShare, createWalks } from './fair-share.ts'
import type { Lanes } from './lanes.ts'
import { LONGEST_WAIT_MS } from './retry.ts'
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
  const fairShare = createFairShare({ perAccount })
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
    if (delayMs === 0 && fairShare.park({ lane, now })) return
    await jobs.add(lane, { delayMs, now })
  }

  const walks = createWalks({
    lanes,
    direction,
    fairShare,
    look: ({ lane, now }) => schedule(lane, { now }),
    onError: onWorkerError,
  })
  fairShare.onRoom(walks.begin)

  async function work(
    turns: TurnOptions,
    lane: Lane,
    lost?: AbortSignal,
  ): Promise<number | undefined> {
    if (fairShare.take(lane) !== 'taken') return undefined
    try {
      const isMoreLeft = await takeTurn(turns, lane, lost).finally(() => {
        for (const next of fairShare.release(lane))
          schedule(next, { now: true }).catch(onWorkerError)
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
type OutageGrace = {
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
export function createOutageGrace(
  redis: Pick<Redis, 'status' | 'on' | 'off'>,
  { delayMs = SETTLE_MS, now = () => performance.now() } = {},
): OutageGrace {
  // An outage may have ended just before this process came: the others know, it does not.
  let until = redis.status === 'ready' ? now() + delayMs : undefined
  const away = () => {
    until = undefined
  }
  const back = () => {
    until ??= now() + delayMs
  }
  redis.on('close', away)
  redis.on('ready', back)
  return {
    away,
    back,
    heldMs: () => (until === undefined ? delayMs : Math.max(0, until - now())),
    close() {
      redis.off('close', away)
      redis.off('ready', back)
    },
  }
}

/** For a process that shares its Redis with nobody. */
export const UNSHARED: OutageGrace = { heldMs: () => 0, away() {}, back() {}, close() {} }

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

/** What tells a worker to look at a lane: at most one BullMQ job per lane, deduplicated by the lane's name. */
type LaneJobs = {
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

type LookAtLane = (lane: Lane, lost?: AbortSignal) => Promise<number | undefined>

type LaneJobsOptions = {
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

function createLaneJobs(options: LaneJobsOptions): LaneJobs {
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
