import type { Clock } from '../kernel/clock.ts'
import { PoisonError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Alone } from './alone.ts'
import type { Entry, Lane } from './entry.ts'
import type { Lanes } from './lanes.ts'
import type { LastDelivered } from './last-delivered.ts'
import { decide, LONGEST_WAIT_MS } from './retry.ts'
import type { Begun, Deaths, TurnMarks } from './turn-marks.ts'

/**
 * What handling the head of a lane came to. Waiting is not a failure: an echo may still turn out to be ours. The entry
 * stays at the head until then.
 *
 * `parkUntil`: something that all lanes of the account share is away or taken. Nothing is written down, so that whoever
 * sees it come back can wake the lane at once.
 */
export type Handled = 'done' | { waitUntil: number } | { parkUntil: number }

/** Handles one entry. Throws from the error tree; the class decides whether it is tried again. */
export type Handle = (entry: Entry, lane: Lane) => Promise<Handled>

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

/** How a turn ended: nothing left, something left, or the head has to wait until a moment (ms since 1970). */
export type TurnEnd = 'empty' | 'more' | { waitUntil: number }

/** How long one turn may take before other lanes go first. */
const TURN_MS = 2_000

/** What an older release cannot read waits for the newer one; so often is looked whether that is there. */
const NEWER_MS = 60_000
/** Others have work in hand that does not end. */
const BUSY_MS = 10_000

/** Works off the heads of one lane, strictly one after the other, until `lost` says that it may be somebody else's turn. */
export async function takeTurn(
  options: TurnOptions,
  lane: Lane,
  lost?: AbortSignal,
): Promise<TurnEnd> {
  const until = performance.now() + TURN_MS
  for (;;) {
    const end = await takeHead(options, lane)
    if (end !== 'next') return end
    if (performance.now() > until || lost?.aborted) return 'more'
  }
}

/** `next`: there may be another one. */
type HeadEnd = TurnEnd | 'next'

type Suspected = Extract<Begun, { is: 'suspected' }>

function isSuspected(end: HeadEnd | Suspected | undefined): end is Suspected {
  return typeof end === 'object' && 'is' in end
}

/** An entry that processes died with begins alone: then it is known whether it was the reason. */
async function takeHead(options: TurnOptions, lane: Lane): Promise<HeadEnd> {
  const end = await options.alone.beside(() => workHead(options, lane, false))
  if (!isSuspected(end)) return end ?? 'more'
  const busy = { waitUntil: options.clock.now() + BUSY_MS }
  const onWindowOver = () => {
    // What was always the only one in hand has nobody to share the blame with.
    if (end.died.wasBeside) options.marks.outlived().catch(options.onWorkerError)
  }
  const alone = await options.alone.alone(() => workHead(options, lane, true), onWindowOver)
  return alone === undefined || isSuspected(alone) ? busy : alone
}

async function workHead(
  options: TurnOptions,
  lane: Lane,
  isAlone: boolean,
): Promise<HeadEnd | Suspected> {
  const { marks, clock } = options
  const begun = await marks.begin(lane, isAlone)
  if (begun === undefined) return 'empty'
  switch (begun.is) {
    case 'suspected':
      return begun
    case 'damaged':
      await options.setAside(lane, begun)
      return 'next'
    case 'newer':
      await marks.leave(lane, begun.id)
      options.onNewer(lane)
      return { waitUntil: clock.now() + NEWER_MS }
    case 'entry':
      return isPoison(begun.died)
        ? setPoisonAside(options, lane, begun.entry, begun.died)
        : workEntry(options, lane, begun.entry)
  }
}

async function workEntry(options: TurnOptions, lane: Lane, entry: Entry): Promise<HeadEnd> {
  const { lanes, marks, clock } = options
  const begin = mayBegin(options, entry)
  const outcome = begin > clock.now() ? { parkUntil: begin } : await attempt(options, lane, entry)
  if (isParked(outcome)) {
    await marks.leave(lane, entry.id)
    return { waitUntil: outcome.parkUntil }
  }
  if (outcome === 'done') return (await lanes.remove(lane, entry.id)) ? 'next' : 'empty'
  // If something more urgent came in meanwhile, such as the deletion of the message in hand, it goes first.
  await lanes.save(lane, putOff(entry, outcome.waitUntil, clock.now()))
  return 'next'
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
): Promise<'next'> {
  const error = new PoisonError(
    `The bridge died ${times} times while it worked on this, so it is not tried any more.`,
    { code: 'bridge.poison', context: { account: lane.account, times } },
  )
  onAttemptFailed({ lane, entry, error })
  await giveUp(entry, lane, error)
  await lanes.remove(lane, entry.id)
  return 'next'
}

/** When at the earliest, ms since 1970. */
function mayBegin({ clock, heldMs, onClockWasAhead }: TurnOptions, entry: Entry): number {
  const now = clock.now()
  const { notBefore = 0 } = entry
  const wasAhead = notBefore > now && isFromAhead(entry, notBefore, now)
  if (wasAhead) onClockWasAhead?.()
  return Math.max(wasAhead ? 0 : notBefore, now + (heldMs?.() ?? 0))
}

/** Processes that share a Redis may differ by so much. */
const CLOCKS_DIFFER_MS = 60_000

function isFromAhead({ putOffAt, receivedAt }: Entry, notBefore: number, now: number): boolean {
  return (putOffAt ?? receivedAt) > now + CLOCKS_DIFFER_MS || notBefore - now > LONGEST_WAIT_MS
}

function putOff(entry: Entry, notBefore: number, now: number): Entry {
  const ages = (entry.renewedAt ?? entry.receivedAt) > now ? { renewedAt: now } : {}
  return { ...entry, ...ages, notBefore, putOffAt: now }
}

function isParked(outcome: Handled): outcome is { parkUntil: number } {
  return typeof outcome === 'object' && 'parkUntil' in outcome
}

async function attempt(options: TurnOptions, lane: Lane, entry: Entry): Promise<Handled> {
  try {
    return await options.handle(entry, lane)
  } catch (error) {
    return afterFailure(options, lane, entry, error)
  }
}

async function afterFailure(
  options: TurnOptions,
  lane: Lane,
  entry: Entry,
  error: unknown,
): Promise<Handled> {
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
    return 'done'
  }
  options.onAttemptFailed({ lane, entry, error, retryAt: decision.at })
  entry.attempts += 1
  entry.failedAt = now
  if (decision.refusals > 0) entry.refusals = decision.refusals
  return { waitUntil: decision.at }
}
