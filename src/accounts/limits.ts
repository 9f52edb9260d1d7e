import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { type Clock, hasCome } from '../kernel/clock.ts'
import type { AccountId, ChatId } from '../kernel/ids.ts'
import { parseBody } from '../platforms/upstream/transport.ts'
import type { OutboundLink } from '../state/store/types.ts'

/** WhatsApp's numbers for its limits: on opening new chats, and on new conversations in a month. */
export const LIMIT_CODES = ['463', '475'] as const

export type LimitCode = (typeof LIMIT_CODES)[number]

/** A limit that WhatsApp has put on an account. Times are ms since 1970. */
export type Limit = { code: LimitCode; since: number; lastAt: number }

/**
 * The limits of WhatsApp that the accounts meet at the moment (docs/platforms/wasender.md#refusals). Nothing tells when
 * one is over. So it counts as over when a chat that was refused takes a later message, or when nobody met it for a day.
 * Other chats prove nothing: those that customers began are never limited.
 */
export type Limits = {
  /** A message was refused because of it; `chat` where it is known which. */
  refused(account: AccountId, code: LimitCode, chat?: ChatId): Promise<void>
  /** A message has arrived. */
  passed(link: OutboundLink): Promise<void>
  of(account: AccountId): Promise<Limit[]>
  /** Called when a limit began or ended here. */
  onChange(listener: (account: AccountId) => void): void
}

const LASTS_MS = 24 * 3_600_000
/** How many chats are remembered as refused. */
const MOST_CHATS = 50
/** Receipts come all the time, and there is hardly ever a limit. */
const ASK_EVERY_MS = 5_000

const kept = z.object({
  v: z.literal(1),
  since: z.number(),
  lastAt: z.number(),
  /** Digests: a chat's name may be a number. */
  chats: z.array(z.string()),
})
type Kept = z.output<typeof kept>

export function isLimitCode(code: string | undefined): code is LimitCode {
  return LIMIT_CODES.some((known) => known === code)
}

export function createLimits(deps: { redis: Redis; prefix: string; clock: Clock }): Limits {
  const { redis, prefix, clock } = deps
  const listeners: ((account: AccountId) => void)[] = []
  const askedAt = new Map<AccountId, number>()
  const keyOf = (account: AccountId, code: LimitCode) => `${prefix}limit:${account}:${code}`

  async function get(account: AccountId, code: LimitCode): Promise<Kept | undefined> {
    const text = await redis.get(keyOf(account, code))
    return text === null ? undefined : kept.safeParse(parseBody(text)).data
  }

  async function all(account: AccountId): Promise<{ code: LimitCode; known: Kept }[]> {
    const found = await Promise.all(
      LIMIT_CODES.map(async (code) => ({ code, known: await get(account, code) })),
    )
    return found.flatMap(({ code, known }) => (known === undefined ? [] : [{ code, known }]))
  }

  const tell = (account: AccountId) => {
    for (const listener of listeners) listener(account)
  }

  return {
    async refused(account, code, chat) {
      const now = clock.now()
      const known = await get(account, code)
      const chats = [...(known?.chats ?? []), ...(chat === undefined ? [] : [digestOf(chat)])]
      const next: Kept = {
        v: 1,
        since: known?.since ?? now,
        lastAt: now,
        chats: [...new Set(chats)].slice(-MOST_CHATS),
      }
      await redis.set(keyOf(account, code), JSON.stringify(next), 'PX', LASTS_MS)
      askedAt.delete(account)
      if (known === undefined) tell(account)
    },
    async passed({ account, chat, sentAt, refusals }) {
      // What went another way round says nothing about the first.
      if (refusals !== undefined) return
      const askAt = (askedAt.get(account) ?? 0) + ASK_EVERY_MS
      if (!hasCome(askAt, clock.now(), ASK_EVERY_MS)) return
      const found = await all(account)
      if (found.length === 0) askedAt.set(account, clock.now())
      const isOver = ({ lastAt, chats }: Kept) =>
        sentAt > lastAt && (chats.length === 0 || chats.includes(digestOf(chat)))
      const over = found.filter(({ known }) => isOver(known))
      for (const { code } of over) await redis.del(keyOf(account, code))
      if (over.length > 0) tell(account)
    },
    async of(account) {
      const found = await all(account)
      return found.map(({ code, known: { since, lastAt } }) => ({ code, since, lastAt }))
    },
    onChange: (listener) => void listeners.push(listener),
  }
}

function digestOf(chat: ChatId): string {
  return createHash('sha256').update(chat).digest('base64url').slice(0, 16)
}
