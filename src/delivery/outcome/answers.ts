import type { Redis } from 'ioredis'
import type { AccountId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import { aliasOf, parseAddress } from '../../wasender/jid.ts'

/**
 * When somebody was last heard under a LID: WhatsApp takes and echoes messages to a LID that nobody has, so that only a
 * receipt or an answer proves that one has arrived (docs/platforms/wasender.md#sending). An answer is anything the
 * customer wrote or did in that chat after the send.
 */
export type Answers = {
  /** `by`: see {@link writtenBy}. */
  heard(account: AccountId, lid: string, by: number): Promise<void>
  after(link: OutboundLink): Promise<boolean>
}

/** A little longer than a send waits for its proof. */
const KEEP_FOR_S = 3 * 24 * 3600
/** WhatsApp tells seconds. */
const SECOND = 1_000

/**
 * The latest moment at which a message can have been written, ms since 1970: the end of WhatsApp's second, or when it was
 * received. So it does not answer what was sent after that, within the same second.
 */
export function writtenBy({
  at,
  receivedAt,
}: {
  at?: number | undefined
  receivedAt: number
}): number {
  return at === undefined ? receivedAt : Math.min(at + SECOND - 1, receivedAt)
}

export function createAnswers({ redis, prefix }: { redis: Redis; prefix: string }): Answers {
  const key = (account: AccountId, lid: string) =>
    `${prefix}answered:${account}:${aliasOf({ kind: 'lid', id: lid })}`
  return {
    async heard(account, lid, by) {
      const known = Number(await redis.get(key(account, lid)))
      if (by > known) await redis.set(key(account, lid), by, 'EX', KEEP_FOR_S)
    },
    async after({ account, to, sentAt }) {
      const address = to === undefined ? undefined : parseAddress(to)
      if (address?.kind !== 'lid') return false
      return Number(await redis.get(key(account, address.id))) >= sentAt
    },
  }
}
