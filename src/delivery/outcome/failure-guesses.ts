import type { Redis } from 'ioredis'
import type { AccountId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { Journal } from './journal.ts'

/**
 * Which send a failure was taken for that names none. WasenderAPI repeats webhooks, and what failed handles an event
 * anew: without this memory each time the next send to that number would be taken to have failed.
 */
export type FailureGuesses = {
  /**
   * The send this failure is about: what it was taken for before, else what `guess` finds. `undefined` when there is none
   * or it has been sent again since. `failure` tells it from others of the account.
   */
  linkOf(
    account: AccountId,
    failure: string,
    guess: () => Promise<OutboundLink | undefined>,
  ): Promise<OutboundLink | undefined>
}

/** Longer than anything is retried. */
const KEEP_FOR_S = 8 * 24 * 3600

type Kept = Pick<OutboundLink, 'messageId' | 'part' | 'sentAt'> | null

export function createFailureGuesses(options: {
  redis: Redis
  prefix: string
  journal: Pick<Journal, 'ofMessage'>
}): FailureGuesses {
  const { redis, prefix, journal } = options

  async function current(account: AccountId, kept: Kept): Promise<OutboundLink | undefined> {
    if (kept === null) return undefined
    const { messageId, part, sentAt } = kept
    const parts = await journal.ofMessage(account, messageId)
    return parts.find((link) => link.part === part && link.sentAt === sentAt)
  }

  return {
    async linkOf(account, failure, guess) {
      const key = `${prefix}failure:${account}:${failure}`
      const before = await redis.get(key)
      if (before !== null) return current(account, JSON.parse(before) as Kept)
      const link = await guess()
      const kept: Kept =
        link === undefined
          ? null
          : { messageId: link.messageId, part: link.part, sentAt: link.sentAt }
      // That it fits none is kept as well: a repetition may come when something new is on its way.
      await redis.set(key, JSON.stringify(kept), 'EX', KEEP_FOR_S)
      return link
    },
  }
}
