import type { Redis } from 'ioredis'
import type { AccountId, ChatId, KeyId } from '../../ids.ts'
import type { MessageKey } from '../../wasender/messages.ts'

/**
 * The latest messages of each chat that nobody has read yet, by the keys they came with: `/messages/read` wants those
 * back unchanged (wasender-api.md, section 8.5).
 */
export type Unread = {
  add(account: AccountId, chat: ChatId, key: MessageKey): Promise<void>
  /** Oldest first. */
  list(account: AccountId, chat: ChatId): Promise<MessageKey[]>
  remove(account: AccountId, chat: ChatId, keyId: KeyId): Promise<void>
  clear(account: AccountId, chat: ChatId): Promise<void>
}

/** WhatsApp marks what lies before as read by itself; a few are enough to be sure. */
const KEEP = 10
const KEEP_FOR_S = 30 * 24 * 3600

export function createUnread({ redis, prefix }: { redis: Redis; prefix: string }): Unread {
  const name = (account: AccountId, chat: ChatId) => `${prefix}unread:${account}:${chat}`

  async function list(account: AccountId, chat: ChatId): Promise<MessageKey[]> {
    const stored = await redis.lrange(name(account, chat), 0, '-1')
    return stored.map((json) => JSON.parse(json) as MessageKey)
  }

  return {
    list,
    async add(account, chat, key) {
      const list = name(account, chat)
      await redis
        .multi()
        .rpush(list, JSON.stringify(key))
        .ltrim(list, -KEEP, '-1')
        .expire(list, KEEP_FOR_S)
        .exec()
    },
    async remove(account, chat, keyId) {
      const gone = (await list(account, chat)).filter((key) => key.id === keyId)
      for (const key of gone) await redis.lrem(name(account, chat), 0, JSON.stringify(key))
    },
    async clear(account, chat) {
      await redis.del(name(account, chat))
    },
  }
}
