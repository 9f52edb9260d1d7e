import type { Redis } from 'ioredis'
import { createKeyedQueue, withTimeout } from '../kernel/async.ts'
import type { Clock } from '../kernel/clock.ts'
import { PoisonError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { redisKey } from '../state/redis/keys.ts'
import { runScript } from '../state/redis/script.ts'
import { type Entry, type Lane, laneName, readEntry } from './entry.ts'
import { LANE_SCRIPTS, type Lanes, type LastDelivered, laneKeys } from './lanes.ts'
import { decide, LONGEST_WAIT_MS } from './retry.ts'
import { learnedWith, WaitUntil } from './wait-until.ts'

/**
 * Handles one entry. Throws {@link WaitUntil} when it is not time yet, or from the error tree; the class decides whether it
 * is tried again.
 */
export type Handle = (entry: Entry, lane: Lane) => Promise<void>

export type TurnOptions = {
  lanes: Lanes
  marks: Pick<TurnMarks, 'begin' | 'leave' | 'outlived'>
  alone: Pick<Alone, 'beside' | 'alone'>
  lastDelivered: Pick<LastDelivered, 'isSince'>
  clock: Clock
  /** How long an entry of the account is retried, in ms. */
  retryFor: (account: AccountId) => number
  handle: Handle
  /** For how many milliseconds nothing may be begun. */
  heldMs?: () => number
  /** The entry failed for good. Must be durable when it resolves; the entry is removed afterwards. */
  giveUp: (entry: Entry, lane: Lane, error: unknown) => Promise<void>
  /** It cannot be read. Must be durable elsewhere when this resolves, and out of the lane. */
  setAside: (lane: Lane, damaged: { id: string; text: string }) => Promise<void>
  /** A newer release wrote it. */
  onNewer: (lane: Lane) => void
  /** Something failed that changes nothing of the turn. */
  onWorkerError: (error: unknown) => void
  /** Something waited for a moment that no clock that is right would have set. It is taken up now. */
  onClockWasAhead?: (() => void) | undefined
  /** Told about every failed attempt. */
  onAttemptFailed: (failure: { lane: Lane; entry: Entry; error: unknown; retryAt?: number }) => void
}

/** How long one turn may take before other lanes go first. */
const TURN_MS = 2_000

/** What an older release cannot read waits for the newer one; so often is looked whether that is there. */
const NEWER_MS = 60_000
/** Others have work in hand that does not end. */
const BUSY_MS = 10_000

/**
 * Works off the heads of one lane, strictly one after the other, until `lost` says that it may be somebody else's turn.
 * Resolves with true when something may be left.
 *
 * @throws {WaitUntil} when the head has to wait.
 */
export async function takeTurn(
  options: TurnOptions,
  lane: Lane,
  lost?: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + TURN_MS
  while (await takeHead(options, lane)) {
    if (performance.now() > until || lost?.aborted) return true
  }
  return false
}

type Suspected = Extract<Begun, { is: 'suspected' }>

/**
 * Whether something may be left. An entry that processes died with begins alone: then it is known whether it was the reason.
 */
async function takeHead(options: TurnOptions, lane: Lane): Promise<boolean> {
  const now = options.clock.now()
  const had = await options.alone.beside(() => workHead(options, lane, false))
  if (had === undefined) throw new WaitUntil('The bridge ends.', { until: now })
  if (typeof had === 'boolean') return had
  const onWindowOver = () => {
    // What was always the only one in hand has nobody to share the blame with.
    if (had.died.wasBeside) options.marks.outlived().catch(options.onWorkerError)
  }
  const alone = await options.alone.alone(() => workHead(options, lane, true), onWindowOver)
  if (typeof alone === 'boolean') return alone
  throw new WaitUntil('Others have work in hand that does not end.', { until: now + BUSY_MS })
}

async function workHead(
  options: TurnOptions,
  lane: Lane,
  isAlone: boolean,
): Promise<boolean | Suspected> {
  const { marks, clock } = options
  const begun = await marks.begin(lane, isAlone)
  if (begun === undefined) return false
  switch (begun.is) {
    case 'suspected':
      return begun
    case 'damaged':
      await options.setAside(lane, begun)
      return true
    case 'newer':
      await marks.leave(lane, begun.id)
      options.onNewer(lane)
      throw new WaitUntil('A newer release has to read it.', { until: clock.now() + NEWER_MS })
    case 'entry':
      return isPoison(begun.died)
        ? setPoisonAside(options, lane, begun.entry, begun.died)
        : workEntry(options, lane, begun.entry)
  }
}

/** Whether something may be left. */
async function workEntry(options: TurnOptions, lane: Lane, entry: Entry): Promise<boolean> {
  try {
    untilMayBegin(options, entry)
    await options.handle(entry, lane)
  } catch (error) {
    const { cause, learned } = learnedWith(error)
    const known = { ...entry, ...learned }
    if (!(cause instanceof WaitUntil)) return afterFailure(options, lane, known, cause)
    if (cause.mayBeWoken) return park(options, lane, known, cause)
    return putOff(options, lane, known, cause.until)
  }
  return options.lanes.remove(lane, entry.id)
}

/** So many processes died with the entry, the last of them just after it was begun with nothing else in hand. */
const POISON_DEATHS = 3
/** Or so many whatever else they had: only what is in hand each time and never ends comes to that. */
const POISON_DEATHS_BESIDE = 10

function isPoison({ times, isAlone }: Deaths): boolean {
  return (isAlone && times >= POISON_DEATHS) || times >= POISON_DEATHS_BESIDE
}

async function setPoisonAside(
  { lanes, onAttemptFailed, giveUp }: TurnOptions,
  lane: Lane,
  entry: Entry,
  { times }: Deaths,
): Promise<boolean> {
  const error = new PoisonError(
    `The bridge died ${times} times while it worked on this, so it is not tried any more.`,
    { code: 'bridge.poison', context: { account: lane.account, times } },
  )
  onAttemptFailed({ lane, entry, error })
  await giveUp(entry, lane, error)
  return lanes.remove(lane, entry.id)
}

/** @throws {WaitUntil} while it may not. */
function untilMayBegin({ clock, heldMs, onClockWasAhead }: TurnOptions, entry: Entry): void {
  const now = clock.now()
  const { notBefore = 0 } = entry
  const wasAhead = notBefore > now && isFromAhead(entry, notBefore, now)
  if (wasAhead) onClockWasAhead?.()
  const until = Math.max(wasAhead ? 0 : notBefore, now + (heldMs?.() ?? 0))
  if (until > now) throw new WaitUntil('It is not time yet.', { until, mayBeWoken: true })
}

/** Processes that share a Redis may differ by so much. */
const CLOCKS_DIFFER_MS = 60_000

function isFromAhead({ putOffAt, receivedAt }: Entry, notBefore: number, now: number): boolean {
  return (putOffAt ?? receivedAt) > now + CLOCKS_DIFFER_MS || notBefore - now > LONGEST_WAIT_MS
}

/** Its moment is not written down, so that whoever sees come back what it waits for can wake the lane at once. */
async function park(
  { lanes, marks }: TurnOptions,
  lane: Lane,
  entry: Entry,
  wait: WaitUntil,
): Promise<never> {
  const hasLearned = Object.keys(wait.learned).length > 0
  await (hasLearned ? lanes.save(lane, entry) : marks.leave(lane, entry.id))
  throw wait
}

/** Something is left: what came in meanwhile and is more urgent, such as the deletion of the message in hand, goes first. */
async function putOff(
  { lanes, clock }: TurnOptions,
  lane: Lane,
  entry: Entry,
  notBefore: number,
): Promise<boolean> {
  const now = clock.now()
  const ages = (entry.renewedAt ?? entry.receivedAt) > now ? { renewedAt: now } : {}
  await lanes.save(lane, { ...entry, ...ages, notBefore, putOffAt: now })
  return true
}

async function afterFailure(
  options: TurnOptions,
  lane: Lane,
  entry: Entry,
  error: unknown,
): Promise<boolean> {
  const now = options.clock.now()
  const decision = decide({
    error,
    attempts: entry.attempts,
    acceptedAt: entry.renewedAt ?? entry.receivedAt,
    now,
    retryFor: options.retryFor(lane.account),
    refusals: entry.refusals ?? 0,
    othersGetAcross: options.lastDelivered.isSince(
      lane.account,
      lane.direction,
      entry.failedAt ?? entry.receivedAt,
    ),
    random: Math.random(),
  })
  if (decision.action === 'fail') {
    options.onAttemptFailed({ lane, entry, error })
    await options.giveUp(entry, lane, decision.error)
    return options.lanes.remove(lane, entry.id)
  }
  options.onAttemptFailed({ lane, entry, error, retryAt: decision.at })
  const { at, refusals } = decision
  const failed = { ...entry, attempts: entry.attempts + 1, failedAt: now }
  return putOff(options, lane, refusals > 0 ? { ...failed, refusals } : failed, at)
}

/**
 * Who works beside whom in this process. Turns go on side by side; a suspected one begins alone, so that it is known whose
 * fault it is should the process die.
 */
type Alone = {
  /** Waits while somebody begins alone. Resolves without having worked, with `undefined`, once this is closed. */
  beside<R>(work: () => Promise<R>): Promise<R | undefined>
  /**
   * Waits for all others, then begins. After {@link WINDOW_MS} others may begin again, which is told: a turn that lets
   * time pass has not blocked the process. Resolves with `undefined` when the others take too long, or this is closed.
   */
  alone<R>(work: () => Promise<R>, onWindowOver: () => void): Promise<R | undefined>
  /** Has nobody wait any more. */
  close(): void
}

const WINDOW_MS = 3_000
/** Longer than nearly all turns, and short enough to have all accounts wait. */
const OTHERS_MS = 2_000

export function createAlone({ windowMs = WINDOW_MS, othersMs = OTHERS_MS } = {}): Alone {
  const keyedQueue = createKeyedQueue()
  const closing = new AbortController()
  const closed = Promise.withResolvers<void>()
  let working = 0
  let door: PromiseWithResolvers<void> | undefined
  let onQuiet = () => {}

  async function track<R>(work: () => Promise<R>): Promise<R> {
    working += 1
    try {
      return await work()
    } finally {
      working -= 1
      if (working === 0) onQuiet()
    }
  }

  function open(): void {
    door?.resolve()
    door = undefined
  }

  async function quiet(): Promise<void> {
    if (working === 0) return
    await withTimeout(othersMs, new Promise<void>((resolve) => (onQuiet = resolve)), () => {})
  }

  async function begin<R>(
    work: () => Promise<R>,
    onWindowOver: () => void,
  ): Promise<{ running: Promise<R> } | undefined> {
    door = Promise.withResolvers()
    try {
      await quiet()
      if (working > 0 || closing.signal.aborted) return undefined
      const running = track(work)
      const ended = running.then(
        () => {},
        () => {},
      )
      await withTimeout(windowMs, Promise.race([ended, closed.promise]), onWindowOver)
      return { running }
    } finally {
      open()
    }
  }

  return {
    async beside(work) {
      while (door !== undefined) await door.promise
      return closing.signal.aborted ? undefined : track(work)
    },
    async alone(work, onWindowOver) {
      const begun = await keyedQueue('alone', () => begin(work, onWindowOver))
      return begun?.running
    },
    close() {
      closing.abort()
      closed.resolve()
      onQuiet()
      open()
    },
  }
}

/** What it is to have an entry in hand. */
export type Begun =
  | { is: 'entry'; entry: Entry; died: Deaths }
  | { is: 'suspected'; died: Deaths }
  /** A newer release wrote it, and has to handle it. */
  | { is: 'newer'; id: string }
  | { is: 'damaged'; id: string; text: string }

/**
 * How often a process died with the entry in hand, whether it had nothing else in hand the last time, and whether it ever
 * had something else.
 */
type Deaths = { times: number; isAlone: boolean; wasBeside: boolean }

/**
 * Which entries are in hand, in Redis, so that it is known after the process has died. A turn ends with `leave`, or with
 * the entry being saved or removed.
 */
type TurnMarks = {
  /**
   * Takes the first entry in hand, which is durable once resolved; `undefined` when there is none. One that processes died
   * with is taken in hand only when it is to be the only one (`isAlone`), and is `suspected` otherwise.
   */
  begin(lane: Lane, isAlone: boolean): Promise<Begun | undefined>
  /** The turn is over, and nothing about the entry has changed. */
  leave(lane: Lane, id: string): Promise<void>
  /** The process lives on with what it has in hand: a death from now on has not come from beginning that. */
  outlived(): Promise<void>
  /** The process ends in good order: what it has in hand has nothing to do with that. */
  leaveAll(): Promise<void>
}

type TurnMarksOptions = {
  redis: Redis
  prefix: string
  /** Names this process among all that ever worked on this Redis. */
  run: string
  /** Whether other processes may work on it now; `workers.ts` says which of them live. */
  isShared: boolean
}

/** So many deaths make an entry suspected: one is an accident that it had nothing to do with. */
const SUSPECTED_DEATHS = 2

export function createTurnMarks({ redis, prefix, run, isShared }: TurnMarksOptions): TurnMarks {
  const inHand = redisKey(prefix, 'inHand')
  const living = isShared ? redisKey(prefix, 'living', '') : ''
  let isLeaving = false

  return {
    async begin(lane, isAlone) {
      const [order, entries] = laneKeys(prefix, lane)
      const enough = isAlone ? Number.MAX_SAFE_INTEGER : SUSPECTED_DEATHS
      const found = await runScript(
        redis,
        LANE_SCRIPTS.begin,
        [order, entries, inHand],
        [laneName(lane), isLeaving ? '' : run, living, enough],
      )
      if (found === null) return undefined
      const [id, body, times, alone, beside] = found
      const died = { times, isAlone: alone === 1, wasBeside: beside === 1 }
      if (times >= enough) return { is: 'suspected', died }
      const text = body ?? ''
      const stored = readEntry(id, text)
      return stored.is === 'entry' ? { ...stored, died } : { ...stored, id, text }
    },

    async leave(lane, id) {
      await runScript(redis, LANE_SCRIPTS.leave, [inHand], [laneName(lane), id])
    },

    async outlived() {
      // As if something else was in hand, which no lane is called.
      if (!isLeaving) await redis.hset(inHand, '', `${run} outlived`)
    },

    async leaveAll() {
      isLeaving = true
      await runScript(redis, LANE_SCRIPTS.leaveAll, [inHand], [run])
    },
  }
}
