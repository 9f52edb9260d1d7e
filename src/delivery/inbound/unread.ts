import { z } from 'zod'
import type { AccountId, ChatId, KeyId } from '../../ids.ts'
import { createScript } from '../../redis/script.ts'
import { createReadMemory, type MemoryDeps, memoryText } from '../../set-aside/memories.ts'
import type { MessageKey } from '../../wasender/messages.ts'

/**
 * The latest messages of each chat that nobody has read yet, by the keys they came with: `/messages/read` wants those
 * back unchanged (docs/platforms/wasender.md#read-marks-and-typing).
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

/** As WasenderAPI's webhook named the message. */
const keySchema = z.looseObject({ id: z.string(), remoteJid: z.string(), fromMe: z.boolean() })

export function createUnread(deps: MemoryDeps): Unread {
  const { redis, prefix } = deps
  const readMemory = createReadMemory(deps, 'unread messages')
  const addTo = createScript(redis, ADD, z.literal(1))
  const name = (account: AccountId, chat: ChatId) => `${prefix}unread:${account}:${chat}`

  /** With what stands in the list, which is what takes it out again. */
  async function stored(account: AccountId, chat: ChatId) {
    const key = name(account, chat)
    const texts = await redis.lrange(key, 0, '-1')
    const read = texts.map(async (text) => {
      const remove = () => redis.lrem(key, 0, text)
      return { text, key: await readMemory<MessageKey>({ key, text, remove }, keySchema) }
    })
    return Promise.all(read)
  }

  return {
    async list(account, chat) {
      const found = await stored(account, chat)
      return found.flatMap(({ key }) => key ?? [])
    },
    async add(account, chat, key) {
      await addTo([name(account, chat)], [memoryText(key), KEEP, KEEP_FOR_S])
    },
    async remove(account, chat, keyId) {
      const gone = (await stored(account, chat)).filter(({ key }) => key?.id === keyId)
      for (const { text } of gone) await redis.lrem(name(account, chat), 0, text)
    },
    async clear(account, chat) {
      await redis.del(name(account, chat))
    },
  }
}
