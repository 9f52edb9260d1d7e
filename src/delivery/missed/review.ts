import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import type { MessageId } from '../../ids.ts'
import type { OutLane } from '../intake/out-lane.ts'
import type { Coverage } from './coverage.ts'
import { type Horizon, pagesBefore, pagesFrom } from './history.ts'
import type { Listed } from './listed.ts'
import type { createMissed, Reviewed } from './missed.ts'
import type { MissedChanges } from './missed-changes.ts'

/** Looks through one conversation for what was missed. */
export type Review = (account: Account, conversation: ConversationRef) => Promise<Found>

/** How much was queued, and whether something was left to its webhook. */
export type Found = Pick<Reviewed, 'queued' | 'isLeft'>

export type ReviewDeps = {
  coverage: Coverage
  missed: ReturnType<typeof createMissed>
  missedChanges: MissedChanges
  horizonOf: Horizon
  laneOf: OutLane
}

const NOTHING: Found = { queued: 0, isLeft: false }

type Reviewable = Omit<Listed, 'messages' | 'before'>

/**
 * One GET for what is new, if anything is, and one per 20 messages for what has happened to the others that are young
 * enough; ticks are such changes too, so a chat where something goes on is read each time.
 */
export function createReview(deps: ReviewDeps): Review {
  const { coverage, missed, missedChanges, horizonOf, laneOf } = deps

  async function review(account: Account, conversation: ConversationRef): Promise<Found> {
    const { id, lastMessageId } = conversation
    const from = await coverage.get(account.id, id)
    const lane = await laneOf(account.id, conversation)
    const about = { account, conversation, lane, horizon: await horizonOf(account) }
    const changes = from === undefined ? 0 : await reviewKnown(about, from)
    const hasNews = from === undefined || lastMessageId === undefined || lastMessageId > from
    const found = hasNews ? await reviewNew(about, from) : NOTHING
    return { ...found, queued: changes + found.queued }
  }

  async function reviewKnown(about: Reviewable, upTo: MessageId): Promise<number> {
    const { account, conversation, horizon } = about
    const pages = await pagesBefore(account, conversation.id, { before: upTo + 1, horizon })
    let queued = 0
    for (const messages of pages) queued += await missedChanges({ ...about, messages })
    return queued
  }

  async function reviewNew(about: Reviewable, from: MessageId | undefined): Promise<Found> {
    const { account, conversation, horizon } = about
    let queued = 0
    for await (const messages of pagesFrom(account, conversation.id, { from, horizon })) {
      const listed = { ...about, messages }
      const { queued: count, isLeft, settledTo } = await missed(listed)
      queued += count + (await missedChanges(listed))
      if (settledTo !== undefined) await cover(about, settledTo)
      if (isLeft) return { queued, isLeft }
    }
    return { queued, isLeft: false }
  }

  function cover({ account, conversation }: Reviewable, upTo: MessageId): Promise<void> {
    return coverage.set(account.id, conversation.id, upTo, account.options.catchUp.maxAge)
  }

  return async (account, conversation) => {
    try {
      return await review(account, conversation)
    } catch (error) {
      // Deleted since it was listed: nothing to find.
      if (isNotFound(error)) return NOTHING
      throw error
    }
  }
}
