import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../src/accounts/account.ts'
import { createUnread } from '../../src/bridge/inbound/after-post.ts'
import { createDeferred, type Deferred } from '../../src/bridge/inbound/deferred.ts'
import type { DeferredEvent, InEvent, ShownEvent } from '../../src/bridge/inbound/inbound-events.ts'
import type { Journal } from '../../src/bridge/sends/journal.ts'
import type { AccountId, ChatId, KeyId } from '../../src/kernel/ids.ts'
import { parseWasenderWebhook } from '../../src/platforms/wasender/events/index.ts'
import type { NewEntry } from '../../src/queue/entry.ts'
import { createLanes, type Lanes } from '../../src/queue/lanes.ts'
import { createThrottle } from '../../src/queue/queue.ts'
import type { Link } from '../../src/state/store/types.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const ACCOUNT = { id: 'sales' as AccountId } as Account
const KEY = '3EB0F00D' as KeyId
const JID = '15550001111@s.whatsapp.net'
const prefix = 'wc:'

let server: TestRedis
let redis: Redis
let lanes: Lanes
let later: Deferred
let posted: NewEntry[]
let known: Set<string>
let now: number

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
  lanes = createLanes({ redis, prefix })
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})
beforeEach(async () => {
  await redis.flushall()
  now = 1_000_000
  posted = []
  known = new Set()
  const journal = {
    byKeyId: async (_account: AccountId, id: KeyId) => (known.has(id) ? ({} as Link) : undefined),
  } as Journal
  later = createDeferred({
    children: () => ({ get: async () => undefined }) as never,
    journal,
    lanes,
    laneKey: async () => 'pn:15550001111',
    dispatch: {
      post: async (entries) => void posted.push(...entries),
      wake: async () => undefined,
    },
    clock: { now: () => now },
  })
})

function read(event: string, data: unknown): ShownEvent {
  return parseWasenderWebhook({ event, data }).events[0] as ShownEvent
}
const edit = read('messages.update', {
  key: { id: KEY, fromMe: false, remoteJid: JID },
  update: { message: { editedMessage: { message: { conversation: 'Better' } } } },
})
const votes = (count: number) =>
  read('poll.results', {
    key: { id: KEY, fromMe: true, remoteJid: JID },
    pollResult: [{ name: 'Pizza', voters: Array(count).fill(JID) }],
  })

const events = () => posted.map(({ event }) => event as InEvent)

describe('a change whose message is unknown', () => {
  async function held() {
    await later.untilTarget(
      ACCOUNT,
      { id: '1.7', receivedAt: 7, event: edit, attempts: 0 },
      KEY,
      edit,
    )
    const [entry] = posted.splice(0)
    const event = entry?.event as DeferredEvent
    return () =>
      later.handle(
        ACCOUNT,
        { id: '2.7', receivedAt: 7, event, attempts: 0 },
        entry?.lane as NewEntry['lane'],
        event,
      )
  }

  it('waits in a lane of its own and goes back as soon as the message is there', async () => {
    const look = await held()
    const wait = { name: 'WaitUntil', until: now + 250, mayBeWoken: false }
    await expect(look()).rejects.toMatchObject(wait)
    known.add(KEY)
    expect(await look()).toBeUndefined()
    expect(posted).toMatchObject([{ lane: { key: 'pn:15550001111' }, receivedAt: 7 }])
    expect(events()).toEqual([edit])
  })

  it('goes back by itself when the message never comes', async () => {
    const look = await held()
    now += 10_000
    expect(await look()).toBeUndefined()
    expect(events()).toEqual([{ type: 'orphan', event: edit }])
  })
})

describe('votes', () => {
  const lane = { direction: 'in', account: ACCOUNT.id, key: `votes:${KEY}` } as const

  it('that came meanwhile are one tally, the newest', async () => {
    for (const count of [1, 2, 3]) {
      const event: DeferredEvent = { type: 'later', for: 'votes', event: votes(count) }
      await lanes.append([{ lane, order: 0, receivedAt: now + count, event }])
    }
    const head = await lanes.head(lane)
    if (head === undefined) throw new Error('The lane is empty')
    expect(await later.handle(ACCOUNT, head, lane, head.event as DeferredEvent)).toBeUndefined()
    expect(events()).toEqual([votes(3)])
    expect(await lanes.entries(lane)).toEqual([])
  })
})

describe('a message that cannot be decrypted', () => {
  const messages = { key: { id: KEY, fromMe: false, remoteJid: JID }, messageStubType: 2 }
  const stub = read('messages.upsert', { messages })
  const event = { type: 'later', for: 'content', event: stub } as DeferredEvent
  const lane = { direction: 'in', account: ACCOUNT.id, key: `content:${KEY}` } as const
  const look = () =>
    later.handle(ACCOUNT, { id: '1.7', receivedAt: 7, event, attempts: 0 }, lane, event)

  it('becomes a note only while the full one is missing', async () => {
    known.add(KEY)
    expect(await look()).toBeUndefined()
    expect(posted).toEqual([])
    known.clear()
    await look()
    expect(events()).toMatchObject([{ type: 'undecrypted' }])
  })
})

describe('unread messages', () => {
  const chat = 'pn:15550001111' as ChatId
  const key = (n: number) => ({ id: `KEY${n}` as KeyId, remoteJid: JID, fromMe: false })

  it('are kept in order, the latest few of each chat', async () => {
    const unread = createUnread({ redis, prefix })
    for (let n = 1; n <= 12; n += 1) await unread.add(ACCOUNT.id, chat, key(n))
    const ids = async () => (await unread.list(ACCOUNT.id, chat)).map(({ id }) => id)
    expect(await ids()).toEqual(Array.from({ length: 10 }, (_, n) => `KEY${n + 3}`))
    await unread.remove(ACCOUNT.id, chat, 'KEY5' as KeyId)
    expect(await ids()).not.toContain('KEY5')
    expect(await unread.list('support' as AccountId, chat)).toEqual([])
    await unread.clear(ACCOUNT.id, chat)
    expect(await ids()).toEqual([])
  })
})

describe('a throttle', () => {
  it('lets one through per span, and again after a reset', async () => {
    const throttle = createThrottle({ redis, prefix })
    const asked = await Promise.all(Array.from({ length: 9 }, () => throttle.allow('a', 60_000)))
    expect(asked.filter(Boolean)).toHaveLength(1)
    expect(await throttle.allow('b', 60_000)).toBe(true)
    await throttle.reset('a')
    expect(await throttle.allow('a', 60_000)).toBe(true)
  })
})
