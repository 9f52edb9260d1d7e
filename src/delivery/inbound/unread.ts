import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { AccountId, ChatId, KeyId } from '../../ids.ts'
import { createScript } from '../../redis/script.ts'
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

/** KEYS list; ARGV key, how many are kept, for how many seconds. */
const ADD = `
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -ARGV[2], -1)
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`

export function createUnread({ redis, prefix }: { redis: Redis; prefix: string }): Unread {
  const addTo = createScript(redis, ADD, z.literal(1))
  const name = (account: AccountId, chat: ChatId) => `${prefix}unread:${account}:${chat}`

  async function list(account: AccountId, chat: ChatId): Promise<MessageKey[]> {
    const stored = await redis.lrange(name(account, chat), 0, '-1')
    return stored.map((json) => JSON.parse(json) as MessageKey)
  }

  return {
    list,
    async add(account, chat, key) {
      await addTo([name(account, chat)], [JSON.stringify(key), KEEP, KEEP_FOR_S])
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
