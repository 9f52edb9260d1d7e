import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { Clock } from '../../clock.ts'
import { TransientError } from '../../errors.ts'
import type { MessageId } from '../../ids.ts'
import type { OutLane } from '../intake/out-lane.ts'
import type { Coverage } from './coverage.ts'
import { type Horizon, pagesBefore, pagesFrom } from './history.ts'
import type { Listed } from './listed.ts'
import type { createMissed } from './missed.ts'
import type { MissedChanges } from './missed-changes.ts'

/** Finds what agents wrote or did while no webhook could tell of it; resolves with how much was queued. */
export type Sweep = (account: Account, signal: AbortSignal) => Promise<number>

type Reviewable = Omit<Listed, 'messages' | 'before'>

/** Looks a little further back than the last sweep began: clocks differ, and the youngest were left to the next one. */
const OVERLAP_MS = 60_000
/** Between two conversations, so that a sweep never uses up Chatwoot's limit (chatwoot-api.md, section 1.6). */
const PAUSE_MS = 250

/**
 * One GET for the conversations that changed since the last sweep. For each of them one for what is new, if anything is, and
 * one per 20 messages for what has happened to the others that are young enough; ticks are such changes too, so a chat
 * where something goes on is read each time. A sweep that breaks off counts for nothing: the next one looks as far back.
 */
export function createSweep(deps: {
  coverage: Coverage
  missed: ReturnType<typeof createMissed>
  missedChanges: MissedChanges
  horizonOf: Horizon
  laneOf: OutLane
  clock: Clock
  pauseMs?: number
}): Sweep {
  const { coverage, missed, missedChanges, horizonOf, laneOf, clock, pauseMs = PAUSE_MS } = deps

  async function review(account: Account, conversation: ConversationRef): Promise<number> {
    const { id, lastMessageId } = conversation
    const from = await coverage.get(account.id, id)
    const lane = await laneOf(account.id, conversation)
    const about = { account, conversation, lane, horizon: await horizonOf(account) }
    const changes = from === undefined ? 0 : await reviewKnown(about, from)
    const hasNews = from === undefined || lastMessageId === undefined || lastMessageId > from
    return changes + (hasNews ? await reviewNew(about, from) : 0)
  }

  async function reviewKnown(about: Reviewable, upTo: MessageId): Promise<number> {
    const { account, conversation, horizon } = about
    const pages = await pagesBefore(account, conversation.id, { before: upTo + 1, horizon })
    let queued = 0
    for (const messages of pages) queued += await missedChanges({ ...about, messages })
    return queued
  }

  async function reviewNew(about: Reviewable, from: MessageId | undefined): Promise<number> {
    const { account, conversation, horizon } = about
    let queued = 0
    for await (const messages of pagesFrom(account, conversation.id, { from, horizon })) {
      const listed = { ...about, messages }
      const { queued: count, knownTo, settledTo } = await missed(listed)
      queued += count + (await missedChanges(listed))
      if (settledTo !== undefined) await cover(about, settledTo)
      if (knownTo !== messages.at(-1)?.id) break
    }
    return queued
  }

  function cover({ account, conversation }: Reviewable, upTo: MessageId): Promise<void> {
    return coverage.set(account.id, conversation.id, upTo, account.options.catchUp.maxAge)
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
