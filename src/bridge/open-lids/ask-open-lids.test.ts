import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { useRedis } from '../../../test/support/use-redis.ts'
import type { Account } from '../../accounts/account.ts'
import {
  PermanentError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../../kernel/errors.ts'
import { type AccountId, asId, type ChatId } from '../../kernel/ids.ts'
import { createNumberOfLid, createOpenLids, type OpenLids } from '../../people/open-lids.ts'
import { createOwnIdentity } from '../../people/own.ts'
import type { People } from '../../people/people.ts'
import type { NewEntry } from '../../queue/entry.ts'
import type { Waiting } from '../../queue/lanes.ts'
import type { Chat, Store } from '../../state/store/types.ts'
import type { SessionGate } from '../holds/session-pauses.ts'
import { createAskOpenLids } from './ask-open-lids.ts'
import { createQuiet } from './quiet.ts'

const SALES = asId<AccountId>('sales')
const OURS = '12025550100'
const PHONE = '12025550143'
const LID = '189975000000143'
const HOUR = 3_600_000
const START = 1_784_402_766_500

let redis: Redis
useRedis((given) => {
  redis = given
})

let now: number
let openLids: OpenLids
let look: (account: Account) => Promise<number>
let posted: NewEntry[]
let asked: number[]
/** What WasenderAPI answers. */
let phoneFromLid: (jid: string) => Promise<string | undefined>
let lidFromPhone: (phone: string) => Promise<string | undefined>
let waiting: Waiting[]
let isDown: boolean
let chats: Map<string, Partial<Chat>>

const clock = { now: () => now }
const account = {
  id: SALES,
  inboxId: 1,
  chatwootBreaker: { isOpen: () => false },
  wasender: {
    session: { user: async () => ({ jid: `${OURS}@s.whatsapp.net`, lid: '1899@lid' }) },
    contacts: {
      phoneFromLid: (jid: string) => {
        asked.push(now)
        return phoneFromLid(jid)
      },
      lidFromPhone: (phone: string) => lidFromPhone(phone),
    },
  },
} as unknown as Account

beforeEach(async () => {
  await redis.flushall()
  now = START
  openLids = createOpenLids({ redis, prefix: 'lids:', clock, random: () => 0.5 })
  posted = []
  asked = []
  phoneFromLid = async () => `${PHONE}@s.whatsapp.net`
  lidFromPhone = async () => undefined
  waiting = []
  isDown = false
  chats = new Map()
  const people = {
    find: async (_: AccountId, { phone, lid }: { phone?: string; lid?: string }) => {
      const name = phone === undefined ? `lid:${lid}` : `pn:${phone}`
      return chats.has(`sales:${name.replace(':', '%3A')}`) ? asId<ChatId>(name) : undefined
    },
  } as Pick<People, 'find'>
  const store = {
    chats: { get: async (id: string) => chats.get(id) },
  } as unknown as Pick<Store, 'chats'>
  const own = createOwnIdentity({ clock })
  await own.of(account)
  const passes = new Map<string, number>()
  look = createAskOpenLids({
    openLids,
    people,
    own,
    store,
    numberOfLid: createNumberOfLid({ people, own, store }),
    quiet: createQuiet({
      lanes: { waiting: async () => waiting },
      sessionGate: {
        downSince: async () => (isDown ? START : undefined),
      } as unknown as SessionGate,
      clock,
    }),
    throttle: {
      async allow(name, ms) {
        if (now < (passes.get(name) ?? 0)) return false
        passes.set(name, now + ms)
        return true
      },
    },
    dispatch: {
      post: async (entries) => void posted.push(...entries),
      wake: () => undefined,
    },
    clock,
  })
})

function knows(lid: string, more: Partial<Chat> = {}): void {
  const chat = asId<ChatId>(`lid:${lid}`)
  chats.set(`sales:lid%3A${lid}`, { account: SALES, chat, inboxId: account.inboxId, lid, ...more })
}

async function found(...lids: string[]): Promise<void> {
  for (const lid of lids) knows(lid)
  await openLids.found(SALES, lids)
}

/** Looks whenever that is due, for so long. */
async function passes(ms: number): Promise<void> {
  const end = now + ms
  while (now < end) now = Math.min(end, now + Math.max(1, await look(account)))
}

describe('a number that WasenderAPI knows by now', () => {
  it('goes into the lane of the LID’s chat, as if a message told both', async () => {
    await found(LID)
    await look(account)
    expect(posted).toMatchObject([
      {
        lane: { direction: 'in', account: SALES, key: `lid:${LID}` },
        event: { type: 'contacts', contact: { lid: LID, phone: PHONE } },
      },
    ])
    await look(account)
    expect(posted).toHaveLength(1)
  })

  it('is told again when nothing has come of it', async () => {
    await found(LID)
    await passes(3 * HOUR)
    expect(posted.length).toBeGreaterThan(1)
  })

  it.each([
    ['ours', `${OURS}@s.whatsapp.net`],
    ['our number on one of our devices', `${OURS}:7@s.whatsapp.net`],
    ['our LID', '1899@lid'],
    ['the LID itself', `${LID}@lid`],
    ['a group', '120363000000000001@g.us'],
    ['nonsense', 'nobody'],
    ['nothing', undefined],
  ])('is refused when it is %s', async (_, answer) => {
    phoneFromLid = async () => answer
    await found(LID)
    await passes(12 * HOUR)
    expect(posted).toEqual([])
    expect(await openLids.count(SALES)).toBe(1)
    expect(asked.length).toBeLessThan(6)
  })

  it('and with another LID is theirs only when that is said both ways', async () => {
    chats.set(`sales:pn%3A${PHONE}`, { account: SALES, phone: PHONE, lid: '189975000000999' })
    lidFromPhone = async () => '189975000000999@lid'
    await found(LID)
    await look(account)
    expect(posted).toEqual([])
    lidFromPhone = async () => `${LID}@lid`
    await passes(12 * HOUR)
    expect(posted.length).toBeGreaterThan(0)
  })
})

describe('questions', () => {
  it('are none while nobody is open, and looks are rare', async () => {
    expect(await look(account)).toBe(HOUR)
    await passes(24 * HOUR)
    expect(asked).toEqual([])
  })

  it('of a thousand people come one by one, and all of them in two hours', async () => {
    phoneFromLid = async () => undefined
    const lids = Array.from(
      { length: 1_000 },
      (_, index) => `1899753${String(index).padStart(8, '0')}`,
    )
    await found(...lids)
    await passes(2 * HOUR)
    expect(asked.length).toBeGreaterThanOrEqual(1_000)
    const apart = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(5_000)
    expect(await openLids.count(SALES)).toBe(1_000)
  })

  it.each([
    ['in trouble', () => new TransientError('away', { code: 'wasender.server' })],
    [
      'asking to wait',
      () => new RateLimitedError('slow', { code: 'wasender.rate', waitMs: 3_000 }),
    ],
    ['without a session', () => new SessionDownError('down', { code: 'wasender.not_connected' })],
  ])('keep quiet, longer and longer, while WasenderAPI is %s', async (_, error) => {
    phoneFromLid = async () => Promise.reject(error())
    await found(LID, '189975000000144', '189975000000145')
    await passes(6 * HOUR)
    expect(asked.length).toBeLessThan(12)
    const apart = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(60_000)
    // It counts as no try: they are asked for soon after.
    phoneFromLid = async () => `${PHONE}@s.whatsapp.net`
    await passes(2 * HOUR)
    expect(new Set(posted.map(({ lane }) => lane.key)).size).toBe(3)
  })

  it('wait as long as WasenderAPI wishes', async () => {
    const error = new RateLimitedError('slow', { code: 'wasender.rate', waitMs: 20 * HOUR })
    phoneFromLid = async () => Promise.reject(error)
    await found(LID, '189975000000144')
    await passes(19 * HOUR)
    expect(asked).toHaveLength(1)
  })

  it('that are refused for one LID keep nobody else waiting', async () => {
    phoneFromLid = async (jid) => {
      if (jid.startsWith(LID)) throw new PermanentError('invalid', { code: 'wasender.refused' })
      return `${PHONE}@s.whatsapp.net`
    }
    await found(LID, '189975000000144')
    await passes(60_000)
    expect(posted.map(({ lane }) => lane.key)).toEqual(['lid:189975000000144'])
  })

  it('are none while the session is down', async () => {
    isDown = true
    await found(LID)
    await passes(12 * HOUR)
    expect(asked).toEqual([])
    isDown = false
    await passes(120_000)
    expect(asked).toHaveLength(1)
  })

  it('wait for messages, but not for ever, and not for what is stuck', async () => {
    const live = { account: SALES, direction: 'in', count: 2 } as const
    await found(LID, '189975000000144')
    waiting = [{ ...live, oldest: now }]
    await passes(30_000)
    expect(asked).toEqual([])
    const busy = setWaiting(() => [{ ...live, oldest: now - 1_000 }])
    await passes(120_000)
    expect(asked.length).toBeGreaterThan(0)
    busy()
    const before = asked.length
    waiting = [{ ...live, oldest: now - HOUR }]
    await found('189975000000145')
    await passes(20_000)
    expect(asked.length).toBeGreaterThan(before)
  })

  it('about people who are known, gone or elsewhere by now end', async () => {
    knows('1', { phone: PHONE })
    knows('2', { inboxId: 7 as Chat['inboxId'] })
    await openLids.found(SALES, ['1', '2', '3', '1899'])
    await passes(60_000)
    expect(asked).toEqual([])
    expect(await openLids.count(SALES)).toBe(0)
  })
})

/** Something new waits all the time. */
function setWaiting(make: () => Waiting[]): () => void {
  const list = new Proxy([] as Waiting[], {
    get: (_, key) => Reflect.get(make(), key),
  })
  waiting = list
  return () => {
    waiting = []
  }
}
