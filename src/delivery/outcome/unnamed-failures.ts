import type { Redis } from 'ioredis'
import type { AccountId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { Entry } from '../lanes/lanes.ts'

/**
 * Failures that name neither a message nor a number, as when the session went down before WasenderAPI sent what it had
 * taken. Which send is meant shows in that nothing else is heard of it (docs/platforms/wasender.md#sent-or-failed).
 */
export type UnnamedFailures = {
  note(account: AccountId, entry: Pick<Entry, 'id' | 'receivedAt'>): Promise<void>
  /** The first one that was heard of after this was sent. */
  after(link: OutboundLink): Promise<string | undefined>
  /** It is known which send it was about. */
  settle(account: AccountId, failure: string): Promise<void>
}

/** For so long WasenderAPI is asked what became of a send, and a while more. */
const KEEP_FOR_S = 2 * 24 * 3600

export function createUnnamedFailures(options: { redis: Redis; prefix: string }): UnnamedFailures {
  const { redis, prefix } = options
  const keyOf = (account: AccountId) => `${prefix}unnamed-failures:${account}`

  return {
    async note(account, { id, receivedAt }) {
      const key = keyOf(account)
      await redis.zadd(key, receivedAt, id)
      await redis.zremrangebyscore(key, 0, receivedAt - KEEP_FOR_S * 1_000)
      await redis.expire(key, KEEP_FOR_S)
    },
    async after({ account, sentAt }) {
      const [first] = await redis.zrangebyscore(keyOf(account), sentAt, '+inf', 'LIMIT', 0, 1)
      return first
    },
    async settle(account, failure) {
      await redis.zrem(keyOf(account), failure)
    },
  }
}
