import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../../account.ts'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { Clock } from '../../clock.ts'
import { BridgeError, OperatorNeededError, RateLimitedError, TransientError } from '../../errors.ts'
import type { ConversationId } from '../../ids.ts'
import { awayReason } from '../../redis/away.ts'
import { createReview, type ReviewDeps } from './review.ts'

/** Finds what agents wrote or did while no webhook could tell of it. */
export type Sweep = (account: Account, signal: AbortSignal) => Promise<Swept>

export type Swept = {
  /** How much was queued. */
  queued: number
  /** Some conversations could not be looked through. The next sweep looks as far back as this one did. */
  failure?: TransientError
}

/** Looks a little further back than the last sweep began: clocks differ, and the youngest were left to the next one. */
const OVERLAP_MS = 60_000
/** Between two conversations, so that a sweep never uses up Chatwoot's limit (chatwoot-api.md, section 1.6). */
const PAUSE_MS = 250

/**
 * One GET for the conversations that changed since the last sweep, then each of them in turn. A sweep that breaks off, or
 * could not look everywhere, counts for nothing: the next one looks as far back, and finds what this one has queued in the
 * lanes or in the journal.
 */
export function createSweep(deps: ReviewDeps & { clock: Clock; pauseMs?: number }): Sweep {
  const { coverage, horizonOf, clock, pauseMs = PAUSE_MS } = deps
  const review = createReview(deps)

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

  /** While Chatwoot is out of order only a probe goes there. */
  async function expectChatwoot({ id, chatwootBreaker }: Account): Promise<void> {
    if ((await chatwootBreaker.hold()) === undefined) return
    throw new TransientError(`Chatwoot (account ${id}) is out of order.`, {
      code: 'chatwoot.unavailable',
      context: { account: id },
    })
  }

  return async (account, signal) => {
    await expectChatwoot(account)
    const began = clock.now()
    const failures: Failed[] = []
    let queued = 0
    for (const conversation of await changed(account)) {
      signal.throwIfAborted()
      try {
        queued += await review(account, conversation)
      } catch (cause) {
        if (concernsAll(account, cause)) throw cause
        failures.push({ conversation: conversation.id, cause })
      }
      await sleep(pauseMs, undefined, { signal })
    }
    const [first] = failures
    if (first !== undefined) return { queued, failure: incomplete(account, first, failures.length) }
    await coverage.swept(account.id, began)
    return { queued }
  }
}

type Failed = { conversation: ConversationId; cause: unknown }

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
    `${count} conversations of account ${id} could not be looked through, ${conversation} first. They are tried again.`,
    { code: 'chatwoot.not_looked_through', context: { account: id, conversation, count }, cause },
  )
}
