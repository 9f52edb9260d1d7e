import type { Redis } from 'ioredis'
import type { AccountId, KeyId } from '../../ids.ts'

/** `mine`: first come. `again`: this very entry claimed it before, so an earlier attempt may have succeeded. */
export type Claim = 'mine' | 'again' | 'taken'

/**
 * Who may bring a WhatsApp message into Chatwoot. WasenderAPI delivers one message under up to three event
 * names and repeats deliveries; the first entry to claim the id does the work, all others are dropped.
 */
export type Claims = {
  claim(account: AccountId, keyId: KeyId, entryId: string): Promise<Claim>
}

/** Longer than anything is retried; after that the store's link still tells a duplicate. */
const KEEP_FOR_S = 8 * 24 * 3600

export function createClaims(options: { redis: Redis; prefix: string }): Claims {
  const { redis, prefix } = options
  return {
    async claim(account, keyId, entryId) {
      const key = `${prefix}claim:${account}:${keyId}`
      // Two commands, because NX and GET in one need Redis 7. Only the first to come gets past the first.
      const first = await redis.set(key, entryId, 'EX', KEEP_FOR_S, 'NX')
      if (first !== null) return 'mine'
      return (await redis.get(key)) === entryId ? 'again' : 'taken'
    },
  }
}
