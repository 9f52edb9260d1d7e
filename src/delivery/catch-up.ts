import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../account.ts'
import { isNotFound } from '../chatwoot/client.ts'
import type { ConversationRef } from '../chatwoot/shapes/conversation.ts'
import type { Clock } from '../clock.ts'
import { TransientError } from '../errors.ts'
import type { Coverage } from './coverage.ts'
import { type Horizon, pagesFrom } from './history.ts'
import type { createMissed } from './missed.ts'
import type { OutLane } from './out-lane.ts'

/** Finds what agents wrote while no webhook could tell of it; resolves with how many messages were queued. */
export type Sweep = (account: Account, signal: AbortSignal) => Promise<number>

/** Looks a little further back than the last sweep began: clocks differ, and the youngest were left to the next one. */
const OVERLAP_MS = 60_000
/** Between two conversations, so that a sweep never uses up Chatwoot's limit (chatwoot-api.md, section 1.6). */
const PAUSE_MS = 250

/**
 * One GET for the conversations that changed since the last sweep, and one for each of them that holds something new. A
 * sweep that breaks off counts for nothing: the next one looks as far back.
 */
export function createSweep(deps: {
  coverage: Coverage
  missed: ReturnType<typeof createMissed>
  horizonOf: Horizon
  laneOf: OutLane
  clock: Clock
  pauseMs?: number
}): Sweep {
  const { coverage, missed, horizonOf, laneOf, clock, pauseMs = PAUSE_MS } = deps

  async function review(account: Account, conversation: ConversationRef): Promise<number> {
    const { id, lastMessageId } = conversation
    const from = await coverage.get(account.id, id)
    if (from !== undefined && lastMessageId !== undefined && lastMessageId <= from) return 0
    const horizon = await horizonOf(account)
    const lane = await laneOf(account.id, conversation)
    let queued = 0
    for await (const messages of pagesFrom(account, id, { from, horizon })) {
      const reviewed = await missed({ account, conversation, lane, messages, horizon })
      queued += reviewed.queued
      const { knownTo, settledTo } = reviewed
      if (settledTo !== undefined) {
        await coverage.set(account.id, id, settledTo, account.options.catchUp.maxAge)
      }
      if (knownTo !== messages.at(-1)?.id) break
    }
    return queued
  }

  async function changed(account: Account): Promise<ConversationRef[]> {
    const last = (await coverage.sweptAt(account.id)) ?? 0
    const from = Math.max(last, await horizonOf(account)) - OVERLAP_MS
    return account.chatwoot.conversations.list({
      inboxId: account.inboxId,
      status: 'all',
      updatedWithin: Math.ceil((clock.now() - from) / 1000),
    })
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
    let queued = 0
    for (const conversation of await changed(account)) {
      if (conversation.inboxId !== account.inboxId) continue
      signal.throwIfAborted()
      try {
        queued += await review(account, conversation)
      } catch (error) {
        // Deleted since it was listed.
        if (!isNotFound(error)) throw error
      }
      await sleep(pauseMs, undefined, { signal })
    }
    await coverage.swept(account.id, began)
    return queued
  }
}
