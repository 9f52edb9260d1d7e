import type { Redis } from 'ioredis'
import type { AccountId, KeyId } from '../../ids.ts'

/** What WhatsApp reports about a message of ours. */
export type Receipt = 'delivered' | 'read' | 'failed'

/** `errorCode`: WhatsApp's own number for a failure. */
export type ReceiptNews = { receipt: Receipt; errorCode?: string }

/**
 * Receipts that arrive before the message's WhatsApp id is known. They are kept until the id is linked, then played;
 * the furthest one wins (docs/platforms/wasender.md#message-ids).
 */
export type EarlyReceipts = {
  keep(account: AccountId, keyId: KeyId, news: ReceiptNews): Promise<void>
  /** What is kept for this id, if anything. It stays until it expires: telling it twice does no harm. */
  find(account: AccountId, keyId: KeyId): Promise<ReceiptNews | undefined>
}

const KEEP_FOR_S = 900
const RANK: Record<Receipt, number> = { failed: 0, delivered: 1, read: 2 }

export function createEarlyReceipts(options: { redis: Redis; prefix: string }): EarlyReceipts {
  const { redis, prefix } = options
  const key = (account: AccountId, keyId: KeyId) => `${prefix}early:${account}:${keyId}`

  async function find(account: AccountId, keyId: KeyId): Promise<ReceiptNews | undefined> {
    const [receipt = '', errorCode] = (await redis.get(key(account, keyId)))?.split(':') ?? []
    if (!Object.hasOwn(RANK, receipt)) return undefined
    const news = { receipt: receipt as Receipt }
    return errorCode === undefined ? news : { ...news, errorCode }
  }

  return {
    find,
    async keep(account, keyId, { receipt, errorCode }) {
      const kept = await find(account, keyId)
      if (kept !== undefined && RANK[kept.receipt] >= RANK[receipt]) return
      const value = errorCode === undefined ? receipt : `${receipt}:${errorCode}`
      await redis.set(key(account, keyId), value, 'EX', KEEP_FOR_S)
    },
  }
}
