import type { Redis } from 'ioredis'
import type { AccountId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'

/**
 * Up to which send `/info` has told WhatsApp ids. That it tells none of one send means nothing as long as it may not work
 * for this account at all; it does once it has told that of a later one.
 */
export type ToldInfos = {
  note(link: OutboundLink): Promise<void>
  hasLaterThan(link: OutboundLink): Promise<boolean>
}

export function createToldInfos({ redis, prefix }: { redis: Redis; prefix: string }): ToldInfos {
  const key = (account: AccountId) => `${prefix}told-infos:${account}`
  return {
    async note({ account, sentAt }) {
      await redis.set(key(account), sentAt)
    },
    async hasLaterThan({ account, sentAt }) {
      return Number(await redis.get(key(account))) > sentAt
    },
  }
}
