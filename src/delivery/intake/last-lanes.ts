import type { Redis } from 'ioredis'
import type { AccountId, ConversationId } from '../../ids.ts'

/** By its key the lane that a conversation's messages were last put into. */
export type LastLanes = {
  get(account: AccountId, conversation: ConversationId): Promise<LastLane | undefined>
  put(account: AccountId, conversation: ConversationId, key: string): Promise<void>
}

export type LastLane = {
  key: string
  /** It will be forgotten before long. */
  isOld: boolean
}

/** Half of that is longer than anything waits in a lane. */
const KEEP_FOR_S = 60 * 24 * 3600

export function createLastLanes({ redis, prefix }: { redis: Redis; prefix: string }): LastLanes {
  const nameOf = (account: AccountId, conversation: ConversationId) =>
    `${prefix}last-lane:${account}:${conversation}`

  return {
    async get(account, conversation) {
      const name = nameOf(account, conversation)
      const [key, left] = await Promise.all([redis.get(name), redis.ttl(name)])
      return key === null ? undefined : { key, isOld: left < KEEP_FOR_S / 2 }
    },
    async put(account, conversation, key) {
      await redis.set(nameOf(account, conversation), key, 'EX', KEEP_FOR_S)
    },
  }
}
