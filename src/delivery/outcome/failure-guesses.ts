import { z } from 'zod'
import type { AccountId } from '../../ids.ts'
import { createReadMemory, type MemoryDeps, memoryText } from '../../set-aside/memories.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { Journal } from './journal.ts'

/**
 * Which send a failure was taken for that names none. WasenderAPI repeats webhooks, and what failed handles an event
 * anew: without this memory each time the next send to that number would be taken to have failed.
 */
export type FailureGuesses = {
  /** What was noted under this name; `undefined` when nothing was. */
  find(account: AccountId, name: string): Promise<Guess | undefined>
  /** Notes which send the failure that came with this entry was taken for. That it fits none is worth a note as well. */
  note(account: AccountId, name: string, guess: Guess): Promise<void>
}

export type Guess = {
  entryId: string
  /** Absent when it fits none, or was sent again since. */
  link: OutboundLink | undefined
}

/** Longer than anything is retried. */
const KEEP_FOR_S = 8 * 24 * 3600

type Kept = { entryId: string; link?: Pick<OutboundLink, 'messageId' | 'part' | 'sentAt'> }

const keptSchema = z.looseObject({
  entryId: z.string(),
  link: z.looseObject({ messageId: z.number(), part: z.number(), sentAt: z.number() }).optional(),
})

export function createFailureGuesses(deps: {
  state: MemoryDeps
  journal: Pick<Journal, 'ofMessage'>
}): FailureGuesses {
  const { state, journal } = deps
  const { redis, prefix } = state
  const readMemory = createReadMemory(state, 'guesses about failures')
  const keyOf = (account: AccountId, name: string) => `${prefix}failure:${account}:${name}`

  async function current(account: AccountId, kept: NonNullable<Kept['link']>) {
    const parts = await journal.ofMessage(account, kept.messageId)
    return parts.find(({ part, sentAt }) => part === kept.part && sentAt === kept.sentAt)
  }

  return {
    async find(account, name) {
      const key = keyOf(account, name)
      const text = await redis.get(key)
      if (text === null) return undefined
      const kept = await readMemory<Kept>({ key, text, remove: () => redis.del(key) }, keptSchema)
      if (kept === undefined) return undefined
      const { entryId, link } = kept
      return { entryId, link: link && (await current(account, link)) }
    },
    async note(account, name, { entryId, link }) {
      const kept: Kept = { entryId }
      if (link !== undefined) {
        const { messageId, part, sentAt } = link
        kept.link = { messageId, part, sentAt }
      }
      await redis.set(keyOf(account, name), memoryText(kept), 'EX', KEEP_FOR_S)
    },
  }
}
