import type { Redis } from 'ioredis'
import type { AccountId } from '../../ids.ts'

/** Which alerts the operators know of; shared by all processes, and outlives them. */
export type AlertMemory = {
  get(account: AccountId, name: string): Promise<number | undefined>
  set(account: AccountId, name: string, value: number): Promise<void>
  forget(account: AccountId, name: string): Promise<void>
}

export function createAlertMemory(deps: { redis: Redis; prefix: string }): AlertMemory {
  const { redis, prefix } = deps
  const key = (account: AccountId) => `${prefix}operator:${account}`
  return {
    async get(account, name) {
      const value = await redis.hget(key(account), name)
      return value === null ? undefined : Number(value)
    },
    async set(account, name, value) {
      await redis.hset(key(account), name, String(value))
    },
    async forget(account, name) {
      await redis.hdel(key(account), name)
    },
  }
}
