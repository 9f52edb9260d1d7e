import type { AccountId, ConversationId } from '../../ids.ts'

/**
 * Where webhooks of agents' messages may have been lost and nobody has asked Chatwoot since: everywhere after a start and
 * after an outage, until a sweep or a look behind has been through. Kept in memory, since a start doubts everything anyway.
 */
export type Gaps = {
  /** Webhooks of the account may have been lost until now. */
  suspect(account: AccountId): void
  /** Whether something of a conversation may be missing. */
  mayBeIn(account: AccountId, conversation: ConversationId): boolean
  /** Taken before Chatwoot is asked: an outage that comes meanwhile leaves its doubt. */
  asOf(account: AccountId): AsOf
  /** All of one conversation is known. */
  filled(account: AccountId, conversation: ConversationId, asOf: AsOf): void
  /** All of all conversations is known, but of these. */
  filledBut(account: AccountId, conversations: Iterable<ConversationId>, asOf: AsOf): void
}

/** How often webhooks may have been lost before. */
export type AsOf = number

type Known = {
  outages: number
  /** Only these are in doubt; `undefined`: all are, but those that were filled. */
  only: Set<ConversationId> | undefined
  filled: Set<ConversationId>
}

/** Of more conversations it is forgotten that they are known; asking again does no harm. */
const REMEMBERED = 10_000

export function createGaps(): Gaps {
  const accounts = new Map<AccountId, Known>()

  function of(account: AccountId): Known {
    const known = accounts.get(account) ?? { outages: 0, only: undefined, filled: new Set() }
    accounts.set(account, known)
    return known
  }

  return {
    suspect(account) {
      const { outages } = of(account)
      accounts.set(account, { outages: outages + 1, only: undefined, filled: new Set() })
    },
    mayBeIn(account, conversation) {
      const { only, filled } = of(account)
      return only === undefined ? !filled.has(conversation) : only.has(conversation)
    },
    asOf: (account) => of(account).outages,
    filled(account, conversation, asOf) {
      const { outages, only, filled } = of(account)
      if (asOf !== outages) return
      if (only !== undefined) only.delete(conversation)
      else if (filled.size < REMEMBERED) filled.add(conversation)
    },
    filledBut(account, conversations, asOf) {
      const { outages } = of(account)
      if (asOf !== outages) return
      accounts.set(account, { outages, only: new Set(conversations), filled: new Set() })
    },
  }
}
