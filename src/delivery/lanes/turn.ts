import type { Clock } from '../../clock.ts'
import type { AccountId } from '../../ids.ts'
import type { Entry, Lane, Lanes } from './lanes.ts'
import { decide } from './retry.ts'

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
  clock: Clock
  /** How long an entry of the account is retried, in ms. */
  retryFor: (account: AccountId) => number
  handle: Handle
  /** For how many milliseconds nothing may be begun. */
  heldMs?: () => number
  /** The entry failed for good. Must be durable when it resolves; the entry is removed afterwards. */
  giveUp: (entry: Entry, lane: Lane, error: unknown) => Promise<void>
  /** Told about every failed attempt. */
  onAttemptFailed: (failure: { lane: Lane; entry: Entry; error: unknown; retryAt?: number }) => void
}

/** How a turn ended: nothing left, something left, or the head has to wait until a moment (ms since 1970). */
export type TurnEnd = 'empty' | 'more' | { waitUntil: number }

/** How long one turn may take before other lanes go first. */
const TURN_MS = 2_000

/** Works off the heads of one lane, strictly one after the other, until `lost` says that it may be somebody else's turn. */
export async function takeTurn(
  options: TurnOptions,
  lane: Lane,
  lost?: AbortSignal,
): Promise<TurnEnd> {
  const { lanes, clock } = options
  const until = performance.now() + TURN_MS
  for (let entry = await lanes.head(lane); entry; entry = await lanes.head(lane)) {
    const begin = mayBegin(options, entry)
    if (begin > clock.now()) return { waitUntil: begin }
    const outcome = await attempt(options, lane, entry)
    if (isParked(outcome)) return { waitUntil: outcome.parkUntil }
    if (outcome === 'done') await lanes.remove(lane, entry.id)
    // If something more urgent came in meanwhile, such as the deletion of the message in hand, it goes first.
    else await lanes.save(lane, { ...entry, notBefore: outcome.waitUntil })
    if (performance.now() > until || lost?.aborted) return 'more'
  }
  return 'empty'
}

/** When at the earliest, ms since 1970. */
function mayBegin({ clock, heldMs }: TurnOptions, { notBefore = 0 }: Entry): number {
  return Math.max(notBefore, clock.now() + (heldMs?.() ?? 0))
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
    random: Math.random(),
  })
  if (decision.action === 'fail') {
    options.onAttemptFailed({ lane, entry, error })
    await options.giveUp(entry, lane, error)
    return 'done'
  }
  options.onAttemptFailed({ lane, entry, error, retryAt: decision.at })
  entry.attempts += 1
  return { waitUntil: decision.at }
}
