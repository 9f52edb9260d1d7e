import type { Redis } from 'ioredis'
import type { AccountId, KeyId } from '../ids.ts'

/** What WhatsApp reports about a message of ours. */
export type Receipt = 'delivered' | 'read' | 'failed'

/**
 * Receipts that arrive before the message's WhatsApp id is known. They are kept until the id is linked, then
 * played; the furthest one wins (wasender-api.md, section 12, rule 6).
 */
export type EarlyReceipts = {
  keep(account: AccountId, keyId: KeyId, receipt: Receipt): Promise<void>
  /** The receipt kept for this id, if any. It stays until it expires: telling it twice does no harm. */
  find(account: AccountId, keyId: KeyId): Promise<Receipt | undefined>
}

const KEEP_FOR_S = 900
const RANK: Record<Receipt, number> = { failed: 0, delivered: 1, read: 2 }

export function createEarlyReceipts(options: { redis: Redis; prefix: string }): EarlyReceipts {
  const { redis, prefix } = options
  const key = (account: AccountId, keyId: KeyId) => `${prefix}early:${account}:${keyId}`

  async function find(account: AccountId, keyId: KeyId): Promise<Receipt | undefined> {
    const kept = await redis.get(key(account, keyId))
    return kept !== null && kept in RANK ? (kept as Receipt) : undefined
  }

  return {
    find,
    async keep(account, keyId, receipt) {
      const kept = await find(account, keyId)
      if (kept !== undefined && RANK[kept] >= RANK[receipt]) return
      await redis.set(key(account, keyId), receipt, 'EX', KEEP_FOR_S)
    },
  }
}
