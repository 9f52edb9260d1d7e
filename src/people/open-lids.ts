import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Account } from '../accounts/account.ts'
import type { Clock } from '../kernel/clock.ts'
import { isRetryable } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { parseBody } from '../platforms/upstream/transport.ts'
import {
  addressOfAlias,
  aliasOf,
  formatJid,
  parseAddress,
  type Who,
} from '../platforms/wasender/jid.ts'
import { redisKey } from '../state/redis/keys.ts'
import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory, type RedisState } from '../state/redis/memory.ts'
import { luaScript, runScript } from '../state/redis/script.ts'
import { storeKey } from '../state/store/keys.ts'
import type { Chat, Collection, Store } from '../state/store/types.ts'
import type { OwnIdentity } from './own.ts'
import type { People } from './people.ts'

/** How often somebody's number was asked for in vain, and when last (ms since 1970; 0 for never). */
type Tries = { asked: number; at: number }

/** A LID whose number is to be asked for now, as it was before that. */
export type DueLid = { lid: string; tries: Tries }

/**
 * The customers who are known by LID only, and when their number is asked for again: most LIDs have one when asked
 * later (docs/platforms/wasender.md#people-and-addresses). A sorted set per account, so that nobody has to look through
 * the chats; it holds no LID without a chat, and outlives a restart.
 */
export type OpenLids = {
  /** Known by LID only from now on, and asked for just now. Nothing changes for one that is known as such. */
  open(account: AccountId, lid: string): Promise<void>
  /** The number is known, or nobody is there any more. */
  close(account: AccountId, lids: readonly string[]): Promise<void>
  /** Found in the store of an earlier release: asked for at the next opportunity. */
  found(account: AccountId, lids: readonly string[]): Promise<void>
  /** They wrote: asked for as soon as that is not too often. */
  wrote(account: AccountId, lid: string): Promise<void>
  /** When the first of them is due, ms since 1970; `undefined` while there is none. */
  nextAt(account: AccountId): Promise<number | undefined>
  /** Takes one that is due, the latest first: that is somebody who writes. Another process takes another one. */
  take(account: AccountId): Promise<DueLid | undefined>
  /** It was asked for in vain: again after a longer while than before. */
  unanswered(account: AccountId, due: DueLid): Promise<void>
  /** It could not be asked for, or the answer is still on its way to the chat: again after a while. Counts as no try. */
  putOff(account: AccountId, due: DueLid): Promise<void>
  count(account: AccountId): Promise<number>
  /** Those of these that are open. */
  among(account: AccountId, lids: readonly string[]): Promise<string[]>
  /** Told when one of an account is due sooner than all others may be, ms since 1970. */
  onDue(listener: (account: AccountId, at: number) => void): void
}

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR

/** How long to wait after the first, second … try in vain, for somebody who does not write. */
const WAITS_MS: readonly number[] = [1, 4, 12, 24, 72, 168, 336, 672].map((hours) => hours * HOUR)
/** The same for somebody who writes. WhatsApp tells many a number moments after the first message. */
const WRITING_WAITS_MS: readonly number[] = [5, 60, 600, 3_600, 21_600, 86_400].map(
  (seconds) => seconds * SECOND,
)
/** A process that took one may have died: after this long another may take it. Longer than any question takes. */
const LEASE_MS = 10 * 60 * SECOND

/** Nobody waits for longer; a time that is later still was set by a clock that was wrong. */
const LONGEST_MS = 5 * 7 * DAY

/** KEYS due; ARGV now, lease, the latest time that can be. */
const TAKE = luaScript(
  `
local due = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], '-inf', 'LIMIT', 0, 1)[1]
  or redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. ARGV[3], 'LIMIT', 0, 1)[1]
if not due then return {} end
redis.call('ZADD', KEYS[1], ARGV[2], due)
return {due, redis.call('HGET', KEYS[2], due) or ''}`,
  z.array(z.string()),
)

/** One that was closed meanwhile stays so. KEYS due, tries; ARGV name, when, tries. */
const AGAIN = luaScript(
  `
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1`,
  z.int(),
)

const kept = z.object({ v: z.literal(1), asked: z.int().min(0), at: z.number() })
const NEVER: Tries = { asked: 0, at: 0 }

export function createOpenLids(deps: {
  redis: Redis
  prefix: string
  clock: Clock
  /** For the spread of what comes again. */
  random?: () => number
}): OpenLids {
  const { redis, prefix, clock, random = Math.random } = deps
  const listeners: ((account: AccountId, at: number) => void)[] = []

  const keysOf = (account: AccountId): [due: string, tries: string] => [
    redisKey(prefix, 'openLids', account),
    redisKey(prefix, 'openLidTries', account),
  ]
  const spread = (ms: number) => Math.round(ms * (0.8 + 0.4 * random()))
  const tell = (account: AccountId, at: number) => {
    for (const listener of listeners) listener(account, at)
  }

  async function triesOf(account: AccountId, name: string): Promise<Tries> {
    const [, tries] = keysOf(account)
    return readTries((await redis.hget(tries, name)) ?? '')
  }

  async function askAgain(account: AccountId, { lid, tries }: DueLid, waitMs: number) {
    const at = clock.now() + spread(waitMs)
    await runScript(redis, AGAIN, keysOf(account), [nameOf(lid), at, writeTries(tries)])
  }

  return {
    async open(account, lid) {
      const [due, tries] = keysOf(account)
      const at = clock.now()
      const next = at + spread(waitAfter(WAITS_MS, 1))
      await redis.hsetnx(tries, nameOf(lid), writeTries({ asked: 1, at }))
      if ((await redis.zadd(due, 'NX', next, nameOf(lid))) === 1) tell(account, next)
    },
    async close(account, lids) {
      if (lids.length === 0) return
      const [due, tries] = keysOf(account)
      const names = lids.map(nameOf)
      await redis.zrem(due, ...names)
      await redis.hdel(tries, ...names)
    },
    async found(account, lids) {
      if (lids.length === 0) return
      const [due] = keysOf(account)
      const now = clock.now()
      await redis.zadd(due, 'NX', ...lids.flatMap((lid) => [now, nameOf(lid)]))
      tell(account, now)
    },
    async wrote(account, lid) {
      const [due] = keysOf(account)
      const { asked, at } = await triesOf(account, nameOf(lid))
      const now = clock.now()
      const next = Math.max(now, Math.min(at, now) + waitAfter(WRITING_WAITS_MS, asked))
      await redis.zadd(due, 'LT', next, nameOf(lid))
      tell(account, next)
    },
    nextAt: (account) => firstIn(redis, keysOf(account)[0], clock.now()),
    async take(account) {
      const now = clock.now()
      const [name, tries = ''] = await runScript(redis, TAKE, keysOf(account), [
        now,
        now + LEASE_MS,
        now + LONGEST_MS,
      ])
      const address = name === undefined ? undefined : addressOfAlias(name)
      return address?.kind === 'lid' ? { lid: address.id, tries: readTries(tries) } : undefined
    },
    unanswered(account, { lid, tries }) {
      const next = { asked: tries.asked + 1, at: clock.now() }
      return askAgain(account, { lid, tries: next }, waitAfter(WAITS_MS, next.asked))
    },
    putOff: (account, due) => askAgain(account, due, waitAfter(WAITS_MS, 1)),
    count: (account) => redis.zcard(keysOf(account)[0]),
    among: (account, lids) => thoseIn(redis, keysOf(account)[0], lids),
    onDue: (listener) => void listeners.push(listener),
  }
}

async function thoseIn(redis: Redis, due: string, lids: readonly string[]): Promise<string[]> {
  if (lids.length === 0) return []
  const scores = await redis.zmscore(due, ...lids.map(nameOf))
  return lids.filter((_, index) => scores[index] !== null)
}

async function firstIn(redis: Redis, due: string, now: number): Promise<number | undefined> {
  const [, first] = await redis.zrange(due, 0, '0', 'WITHSCORES')
  if (first === undefined) return undefined
  const [, last] = await redis.zrange(due, '-1', '-1', 'WITHSCORES')
  return Number(last) > now + LONGEST_MS ? now : Number(first)
}

const nameOf = (lid: string) => aliasOf({ kind: 'lid', id: lid })

function waitAfter(waits: readonly number[], asked: number): number {
  return asked === 0 ? 0 : (waits[Math.min(asked, waits.length) - 1] ?? DAY)
}

const writeTries = (tries: Tries) => JSON.stringify({ v: 1, ...tries })

/** What cannot be read counts as nothing. */
function readTries(text: string): Tries {
  const { asked, at } = kept.safeParse(parseBody(text)).data ?? NEVER
  return { asked, at }
}

/** A gateway that cannot answer must not keep a message back for long: then the LID itself is the identity. */
const PATIENCE = 3

/**
 * Completes someone who is known by LID only with the phone number, asking WasenderAPI once per unknown LID
 * (docs/platforms/wasender.md#people-and-addresses). `attempts` is how often that was tried for the message at hand.
 */
export async function withPhone(
  account: Account,
  people: People,
  who: Who,
  attempts: number,
): Promise<Who> {
  if (who.lid === undefined || who.phone !== undefined) return who
  if ((await people.find(account.id, who)) !== undefined) return who
  try {
    const jid = await account.wasender.contacts.phoneFromLid(
      formatJid({ kind: 'lid', id: who.lid }),
    )
    const address = jid === undefined ? undefined : parseAddress(jid)
    return address?.kind === 'phone' ? { ...who, phone: address.digits } : who
  } catch (error) {
    if (isRetryable(error) && attempts < PATIENCE) throw error
    return who
  }
}

/** The digits of the number that WasenderAPI knows for a LID, as far as it is certain that it is theirs. */
export type NumberOfLid = (account: Account, lid: string) => Promise<string | undefined>

/**
 * Asks for a number while no message is there that would tell. So it has to be somebody else's than ours; and one that is
 * known with another LID may have belonged to somebody else before: then the gateway has to say the same the other way
 * round.
 */
export function createNumberOfLid(deps: {
  people: Pick<People, 'find'>
  own: Pick<OwnIdentity, 'isSomebodyElses'>
  store: Pick<Store, 'chats'>
}): NumberOfLid {
  const { people, own, store } = deps

  async function lidKnownFor(account: Account, phone: string): Promise<string | undefined> {
    const address = { kind: 'phone', digits: phone } as const
    const chat = await people.find(account.id, { address, phone })
    return chat && (await store.chats.get(storeKey.chat(account.id, chat)))?.lid
  }

  async function isTheirs(account: Account, phone: string, lid: string): Promise<boolean> {
    if (!(await own.isSomebodyElses(account, { kind: 'phone', digits: phone }))) return false
    const known = await lidKnownFor(account, phone)
    if (known === undefined || known === lid) return true
    const told = addressIn(await account.wasender.contacts.lidFromPhone(phone))
    return told?.kind === 'lid' && told.id === lid
  }

  return async (account, lid) => {
    const jid = formatJid({ kind: 'lid', id: lid })
    const told = addressIn(await account.wasender.contacts.phoneFromLid(jid))
    if (told?.kind !== 'phone') return undefined
    return (await isTheirs(account, told.digits, lid)) ? told.digits : undefined
  }
}

const addressIn = (jid: string | undefined) => (jid === undefined ? undefined : parseAddress(jid))

/** The LID of a chat with somebody whose number nobody knows. */
export function openLidOf(chat: Chat | undefined): string | undefined {
  const named = chat === undefined ? undefined : addressOfAlias(chat.chat)
  if (chat === undefined || named?.kind !== 'lid' || chat.phone !== undefined) return undefined
  return chat.lid ?? named.id
}

/**
 * Notes with every change of a chat whether its person is known by LID only, whoever makes it: a message, an import, a
 * merge, a person who is forgotten.
 */
export function followOpenLids(store: Store, openLids: Pick<OpenLids, 'open' | 'close'>): Store {
  return { ...store, chats: follow(store.chats, openLids) }
}

function follow(
  chats: Collection<Chat>,
  { open, close }: Pick<OpenLids, 'open' | 'close'>,
): Collection<Chat> {
  async function note(account: AccountId, before: string | undefined, after: string | undefined) {
    if (before === after) return
    if (before !== undefined) await close(account, [before])
    if (after !== undefined) await open(account, after)
  }

  return {
    ...chats,
    async put(id, chat) {
      const before = openLidOf(await chats.get(id))
      await chats.put(id, chat)
      await note(chat.account, before, openLidOf(chat))
    },
    async update(id, change) {
      let before: string | undefined
      const chat = await chats.update(id, (current) => {
        before = openLidOf(current)
        return change(current)
      })
      if (chat !== undefined) await note(chat.account, before, openLidOf(chat))
      return chat
    },
    async delete(id, when) {
      const chat = await chats.get(id)
      await chats.delete(id, when)
      if (chat === undefined || (await chats.get(id)) !== undefined) return
      await note(chat.account, openLidOf(chat), undefined)
    },
    async erase(ids) {
      const found = await Promise.all([...ids].map((id) => chats.get(id)))
      await chats.erase(ids)
      for (const chat of found) {
        if (chat !== undefined) await note(chat.account, openLidOf(chat), undefined)
      }
    },
  }
}

/** How many are written down at once. */
const BATCH = 500
/** Version of the search through the store. Raise it, and every bridge searches once more. */
const VERSION = '1'

/** The chats of an earlier release, which nobody has followed: looks at all of them, once. */
export async function findOpenLids(deps: {
  state: RedisState
  chats: Pick<Collection<Chat>, 'all'>
  openLids: Pick<OpenLids, 'found'>
}): Promise<void> {
  const { state, chats, openLids } = deps
  const found = createMemory(state, MEMORIES.openLidsFound)()
  if ((await found.get()) === VERSION) return
  const batches = new Map<AccountId, string[]>()
  for await (const { value } of chats.all()) {
    const lid = openLidOf(value)
    if (lid === undefined) continue
    const batch = batches.get(value.account) ?? []
    batches.set(value.account, batch)
    batch.push(lid)
    if (batch.length >= BATCH) await openLids.found(value.account, batch.splice(0))
  }
  for (const [account, batch] of batches) await openLids.found(account, batch)
  await found.set(VERSION)
}
