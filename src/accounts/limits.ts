import { createHash } from 'node:crypto'
import { type Clock, hasCome } from '../kernel/clock.ts'
import type { AccountId, ChatId } from '../kernel/ids.ts'
import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory, type RedisState } from '../state/redis/memory.ts'
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

/** How many chats are remembered as refused. */
const MOST_CHATS = 50
/** Receipts come all the time, and there is hardly ever a limit. */
const ASK_EVERY_MS = 5_000

type Kept = { since: number; lastAt: number; chats: readonly string[] }

export function isLimitCode(code: string | undefined): code is LimitCode {
  return LIMIT_CODES.some((known) => known === code)
}

export function createLimits(deps: RedisState & { clock: Clock }): Limits {
  const { clock } = deps
  const limits = createMemory(deps, MEMORIES.limits)
  const listeners: ((account: AccountId) => void)[] = []
  const askedAt = new Map<AccountId, number>()

  async function all(account: AccountId): Promise<{ code: LimitCode; known: Kept }[]> {
    const found = await Promise.all(
      LIMIT_CODES.map(async (code) => ({ code, known: await limits(account, code).get() })),
    )
    return found.flatMap(({ code, known }) => (known === undefined ? [] : [{ code, known }]))
  }

  const tell = (account: AccountId) => {
    for (const listener of listeners) listener(account)
  }

  return {
    async refused(account, code, chat) {
      const now = clock.now()
      const known = await limits(account, code).get()
      const chats = [...(known?.chats ?? []), ...(chat === undefined ? [] : [digestOf(chat)])]
      await limits(account, code).set({
        since: known?.since ?? now,
        lastAt: now,
        chats: [...new Set(chats)].slice(-MOST_CHATS),
      })
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
      for (const { code } of over) await limits(account, code).remove()
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
