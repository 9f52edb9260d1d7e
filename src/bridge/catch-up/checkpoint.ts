import type { Redis } from 'ioredis'
import { type AccountId, asId, type ConversationId, type MessageId } from '../../kernel/ids.ts'

/**
 * How far the bridge knows each conversation: every message of an agent up to there is in the journal, in a lane, or not
 * to be sent. What comes after may hold messages whose webhook was lost.
 */
export type Coverage = {
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

export function createCoverage({ redis, prefix }: { redis: Redis; prefix: string }): Coverage {
  const key = (account: AccountId, conversation: ConversationId) =>
    `${prefix}covered:${account}:${conversation}`
  const sweptKey = (account: AccountId) => `${prefix}swept:${account}`
  const number = async (name: string) => {
    const value = await redis.get(name)
    return value === null ? undefined : Number(value)
  }

  return {
    async get(account, conversation) {
      const known = await number(key(account, conversation))
      return known === undefined ? undefined : asId<MessageId>(known)
    },
    async set(account, conversation, upTo, keepMs) {
      await redis.set(key(account, conversation), String(upTo), 'PX', Math.max(1, keepMs))
    },
    sweptAt: (account) => number(sweptKey(account)),
    async swept(account, at) {
      await redis.set(sweptKey(account), String(at))
    },
  }
}
