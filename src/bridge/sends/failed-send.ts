import type { Account } from '../../accounts/account.ts'
import { type Clock, hasCome } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { People } from '../../people/people.ts'
import type { SendFailedEvent } from '../../platforms/wasender/events/index.ts'
import type { Address } from '../../platforms/wasender/jid.ts'
import type { Entry } from '../../queue/entry.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { redisKey } from '../../state/redis/keys.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createMemory, type RedisState } from '../../state/redis/memory.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { Journal } from './journal.ts'

/** Which send a failure is about, `isCertain` when it names it. */
type FailedSend = { link: OutboundLink | undefined; isCertain: boolean }

/**
 * Two failures with the same words and second may be one webhook that was repeated, or be about two sends. An echo takes
 * seconds: when the next send to that number has none after this time, the second failure was about it.
 */
const TELLING_MS = 30_000
const ASK_AGAIN_MS = 2_000

/** Finds the send that a failure is about. Throws {@link WaitUntil} when that will be known later. */
export function createFindFailed(deps: {
  journal: Pick<Journal, 'byMsgId' | 'byKeyId' | 'openIn'>
  failureGuesses: FailureGuesses
  unnamedFailures: Pick<UnnamedFailures, 'note'>
  people: Pick<People, 'find'>
  clock: Clock
}) {
  const { journal, failureGuesses, unnamedFailures, people, clock } = deps

  async function named(account: Account, { msgId, key }: SendFailedEvent) {
    if (msgId !== undefined) return journal.byMsgId(account.id, msgId)
    const found = key === undefined ? undefined : await journal.byKeyId(account.id, key.id)
    return found?.direction === 'out' ? found : undefined
  }

  /** The oldest open send to that number when the failure was heard of (docs/platforms/wasender.md#sent-or-failed). */
  async function oldestOpen(account: Account, address: Address, heardAt: number) {
    const who = address.kind === 'phone' ? { address, phone: address.digits } : { address }
    const chat = await people.find(account.id, who)
    if (chat === undefined) return undefined
    const open = await journal.openIn(account.id, chat, heardAt)
    return open.find(({ sentAt }) => sentAt <= heardAt)
  }

  async function guessed(
    account: Account,
    { id, receivedAt }: Entry,
    { address, told }: { address: Address; told: string },
  ) {
    const first = await failureGuesses.find(account.id, told)
    // This very entry may have been handled before, up to a crash or a Chatwoot that is away.
    const own = first?.entryId === id ? first : await failureGuesses.find(account.id, id)
    if (own !== undefined) return own.link
    const link = await oldestOpen(account, address, receivedAt)
    const mayBeRepeated = first !== undefined && link !== undefined
    if (mayBeRepeated && !hasCome(receivedAt + TELLING_MS, clock.now(), TELLING_MS)) {
      const until = clock.now() + ASK_AGAIN_MS
      throw new WaitUntil('The same failure again, or one of another send.', { until })
    }
    await failureGuesses.note(account.id, first === undefined ? told : id, { entryId: id, link })
    return link
  }

  return async (account: Account, entry: Entry, event: SendFailedEvent): Promise<FailedSend> => {
    const link = await named(account, event)
    if (link !== undefined || event.msgId !== undefined) return { link, isCertain: true }
    const address = event.to ?? event.key?.chat
    if (address === undefined) {
      await unnamedFailures.note(account.id, entry)
      return { link: undefined, isCertain: false }
    }
    const told = event.digest ?? entry.id
    return { link: await guessed(account, entry, { address, told }), isCertain: false }
  }
}

/**
 * Which send a failure was taken for that names none. WasenderAPI repeats webhooks, and what failed handles an event
 * anew: without this memory each time the next send to that number would be taken to have failed.
 */
export type FailureGuesses = {
  /** What was noted under this name; `undefined` when nothing was. */
  find(account: AccountId, name: string): Promise<Guess | undefined>
  /** Notes which send the failure that came with this entry was taken for. That it fits none is worth a note as well. */
  note(account: AccountId, name: string, guess: Guess): Promise<void>
}

type Guess = {
  entryId: string
  /** Absent when it fits none, or was sent again since. */
  link: OutboundLink | undefined
}

export function createFailureGuesses(deps: {
  state: RedisState
  journal: Pick<Journal, 'ofMessage'>
}): FailureGuesses {
  const { state, journal } = deps
  const guesses = createMemory(state, MEMORIES.failureGuesses)

  async function current(
    account: AccountId,
    kept: Pick<OutboundLink, 'messageId' | 'part' | 'sentAt'>,
  ) {
    const parts = await journal.ofMessage(account, kept.messageId)
    return parts.find(({ part, sentAt }) => part === kept.part && sentAt === kept.sentAt)
  }

  return {
    async find(account, name) {
      const kept = await guesses(account, name).get()
      if (kept === undefined) return undefined
      const { entryId, link } = kept
      return { entryId, link: link && (await current(account, link)) }
    },
    async note(account, name, { entryId, link }) {
      const kept = link && { messageId: link.messageId, part: link.part, sentAt: link.sentAt }
      await guesses(account, name).set({ entryId, link: kept })
    },
  }
}

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
const KEEP_UNNAMED_S = 2 * 24 * 3600

export function createUnnamedFailures({ redis, prefix }: RedisState): UnnamedFailures {
  const keyOf = (account: AccountId) => redisKey(prefix, 'unnamedFailures', account)

  return {
    async note(account, { id, receivedAt }) {
      const key = keyOf(account)
      await redis.zadd(key, receivedAt, id)
      await redis.zremrangebyscore(key, 0, receivedAt - KEEP_UNNAMED_S * 1_000)
      await redis.expire(key, KEEP_UNNAMED_S)
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
