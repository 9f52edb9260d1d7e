import { type AccountId, asId, type ConversationId, type MessageId } from '../../kernel/ids.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'

/**
 * How far the bridge knows each conversation: every message of an agent up to there is in the journal, in a lane, or not
 * to be sent. What comes after may hold messages whose webhook was lost.
 */
export type Checkpoint = {
  /** `undefined` when nothing is known, which is also the case after `keepMs` of silence. */
  get(account: AccountId, conversation: ConversationId): Promise<MessageId | undefined>
  set(
    account: AccountId,
    conversation: ConversationId,
    upTo: MessageId,
    keepMs: number,
  ): Promise<void>
  /** When the last complete sweep of the account began, ms since 1970. */
  sweptAt(account: AccountId): Promise<number | undefined>
  swept(account: AccountId, at: number): Promise<void>
}

export function createCheckpoint(state: RedisState): Checkpoint {
  const covered = createMemory(state, MEMORIES.covered)
  const swept = createMemory(state, MEMORIES.swept)

  return {
    async get(account, conversation) {
      const known = await covered(account, conversation).get()
      return known === undefined ? undefined : asId<MessageId>(known)
    },
    set: (account, conversation, upTo, keepMs) => covered(account, conversation).set(upTo, keepMs),
    sweptAt: (account) => swept(account).get(),
    swept: (account, at) => swept(account).set(at),
  }
}
