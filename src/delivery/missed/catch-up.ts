import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../../account.ts'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { Clock } from '../../clock.ts'
import { BridgeError, OperatorNeededError, RateLimitedError, TransientError } from '../../errors.ts'
import type { AccountId } from '../../ids.ts'
import { awayReason } from '../../redis/away.ts'
import type { AsOf, Gaps } from './gaps.ts'
import { createReview, type ReviewDeps } from './review.ts'

/** Finds what agents wrote or did while no webhook could tell of it: in all conversations, or in what the last one left. */
export type Sweep = (account: Account, signal: AbortSignal, which: Which) => Promise<Swept>

export type Which = 'all' | 'rest'

export type Swept = {
  /** How much was queued. */
  queued: number
  /**
   * Some conversations could not be looked through; they are the rest. Until they were, the next sweep of all looks as far
   * back as this one did.
   */
  failure?: TransientError
  /** Something was left to its webhook, which should have come a little later: that is the rest. */
  isLeft?: true
}

/** Looks a little further back than the last sweep began: clocks differ, and the youngest were left to the next one. */
const OVERLAP_MS = 60_000
/** Between two conversations, so that a sweep never uses up Chatwoot's limit (chatwoot-api.md, section 1.6). */
const PAUSE_MS = 250

export type SweepDeps = ReviewDeps & { gaps: Gaps; clock: Clock; pauseMs?: number }

/** A sweep of all that is not through yet. */
type UnderWay = { began: number; asOf: AsOf; conversations: ConversationRef[] }

/**
 * One GET for the conversations that changed since the last sweep, then each of them in turn. A sweep that breaks off, or
 * could not look everywhere, counts for nothing: the next one looks as far back, and finds what this one has queued in the
 * lanes or in the journal.
 */
export function createSweep(deps: SweepDeps): Sweep {
  const { coverage, gaps, horizonOf, clock, pauseMs = PAUSE_MS } = deps
  const review = createReview(deps)
  const rests = new Map<AccountId, UnderWay>()

  async function changed(account: Account): Promise<ConversationRef[]> {
    const last = (await coverage.sweptAt(account.id)) ?? 0
    const from = Math.max(last, await horizonOf(account)) - OVERLAP_MS
    const found = await account.chatwoot.conversations.list({
      inboxId: account.inboxId,
      status: 'all',
      updatedWithin: Math.ceil((clock.now() - from) / 1000),
    })
    return found.filter(({ inboxId }) => inboxId === account.inboxId)
  }

  async function begin(account: Account): Promise<UnderWay> {
    const [began, asOf] = [clock.now(), gaps.asOf(account.id)]
    return { began, asOf, conversations: await changed(account) }
  }

  /** While Chatwoot is out of order only a probe goes there. */
  async function expectChatwoot({ id, chatwootBreaker }: Account): Promise<void> {
    if ((await chatwootBreaker.hold()) === undefined) return
    throw new TransientError(`Chatwoot (account ${id}) is out of order.`, {
      code: 'chatwoot.unavailable',
      context: { account: id },
    })
  }

  async function reviewAll(account: Account, { conversations }: UnderWay, signal: AbortSignal) {
    const failures: Failed[] = []
    const left: ConversationRef[] = []
    let queued = 0
    for (const conversation of conversations) {
      signal.throwIfAborted()
      try {
        const found = await review(account, conversation)
        queued += found.queued
        if (found.isLeft) left.push(conversation)
      } catch (cause) {
        if (concernsAll(account, cause)) throw cause
        failures.push({ conversation, cause })
      }
      await sleep(pauseMs, undefined, { signal })
    }
    return { queued, failures, left }
  }

  return async (account, signal, which) => {
    await expectChatwoot(account)
    const underWay =
      (which === 'rest' ? rests.get(account.id) : undefined) ?? (await begin(account))
    const { began, asOf } = underWay
    const { queued, failures, left } = await reviewAll(account, underWay, signal)
    const rest = [...failures.map(({ conversation }) => conversation), ...left]
    rests.set(account.id, { began, asOf, conversations: rest })
    gaps.filledBut(
      account.id,
      rest.map(({ id }) => id),
      asOf,
    )
    const [first] = failures
    if (first === undefined) await coverage.swept(account.id, began)
    return {
      queued,
      ...(first === undefined ? {} : { failure: incomplete(account, first, failures.length) }),
      ...(left.length === 0 ? {} : { isLeft: true }),
    }
  }
}

type Failed = { conversation: ConversationRef; cause: unknown }

/**
 * Whether the next conversation would fare no better. A single one that cannot be read must not keep all others from being
 * found; if it is Chatwoot that does not answer in time, the breaker opens after a few of them.
 */
function concernsAll({ chatwootBreaker }: Account, error: unknown): boolean {
  if (awayReason(error) !== undefined || chatwootBreaker.isOpen()) return true
  if (error instanceof RateLimitedError || error instanceof OperatorNeededError) return true
  return (
    error instanceof BridgeError &&
    error.code === 'chatwoot.unreachable' &&
    error.context.network !== 'TIMEOUT'
  )
}

function incomplete({ id }: Account, first: Failed, count: number): TransientError {
  const { conversation, cause } = first
  return new TransientError(
    `${count} conversations of account ${id} could not be looked through, ${conversation.id} first. They are tried again.`,
    {
      code: 'chatwoot.not_looked_through',
      context: { account: id, conversation: conversation.id, count },
      cause,
    },
  )
}
