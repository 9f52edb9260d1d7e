import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../src/accounts/account.ts'
import { createSessionGate } from '../../src/bridge/holds/session-pauses.ts'
import { createUnread } from '../../src/bridge/inbound/after-post.ts'
import { createPace } from '../../src/bridge/outbound/pace.ts'
import type { AccountId, ChatId, KeyId } from '../../src/kernel/ids.ts'
import { createFailures } from '../../src/queue/dead-letters/failures.ts'
import type { Entry, Lane } from '../../src/queue/entry.ts'
import { createLanePositions } from '../../src/queue/lane-positions.ts'
import { createLanes } from '../../src/queue/lanes.ts'
import { storeKey } from '../../src/state/store/keys.ts'
import { createRedisStore } from '../../src/state/store/redis-store.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const SALES = 'sales' as AccountId
const CHAT = 'pn:1' as ChatId
const LANE: Lane = { direction: 'in', account: SALES, key: 'pn:1' }
const prefix = 'wc:'

let server: TestRedis
let admin: Redis

beforeAll(async () => {
  server = await startRedis()
  admin = new Redis(server.url)
})
afterAll(async () => {
  admin.disconnect()
  await server.stop()
})
beforeEach(async () => {
  await admin.config('SET', 'maxmemory', '0')
  await admin.flushall()
  await admin.script('FLUSH')
})

/** Everything that runs a script, on one connection. */
function parts(redis: Redis) {
  const lanes = createLanes({ redis, prefix })
  const places = createLanePositions({ redis, prefix, lanes })
  return {
    lanes,
    places,
    failures: createFailures({ redis, prefix, places }),
    pace: createPace({ redis, prefix }),
    gate: createSessionGate({ redis, prefix, timing: { askEveryMs: 1, askFirstMs: 1 } }),
    unread: createUnread({ redis, prefix }),
    store: createRedisStore({ redis, prefix }),
  }
}

type Parts = ReturnType<typeof parts>

const alias = { account: SALES, chat: CHAT, at: 1 }
const KEY = { id: 'A' as KeyId, fromMe: false, remoteJid: '1@s.whatsapp.net' }

/** What brings about a script, and what shows that it ran. */
const STEPS: Record<string, (parts: Parts) => Promise<void>> = {
  async 'appending to lanes, the next of a lane, keeping and removing it'({ lanes }) {
    const entry = { lane: LANE, order: 0, receivedAt: 5, event: { n: 1 } }
    await lanes.append([entry, { ...entry, lane: { ...LANE, key: 'pn:2' } }, entry])
    expect(await lanes.size(LANE)).toBe(2)
    const head = (await lanes.head(LANE)) as Entry
    await lanes.save(LANE, { ...head, attempts: 7 })
    expect((await lanes.head(LANE))?.attempts).toBe(7)
    await lanes.remove(LANE, head.id)
    expect(await lanes.size(LANE)).toBe(1)
    const [row] = await lanes.waiting([SALES])
    expect(row).toMatchObject({ direction: 'in', count: 2, oldest: 5 })
  },
  async 'putting an entry back'({ lanes, places }) {
    await places.restore(LANE, { id: '1.5', receivedAt: 5, event: {}, attempts: 0 }, 3)
    expect(await lanes.size(LANE)).toBe(1)
  },
  async 'dead letters'({ failures }) {
    const entry = { id: '1.5', receivedAt: 5, event: {}, attempts: 3 }
    await failures.add(LANE, entry, new Error('no'), 9)
    expect(await failures.count(SALES, 'in')).toBe(1)
    expect(await failures.remove({ id: 'sales.1.5' })).toBe(true)
  },
  async 'the pace'({ pace }) {
    const paced = { id: SALES, options: { pace: 10 } } as unknown as Account
    expect(await pace.pass(paced, LANE)).toBe(0)
    await pace.left(SALES)
    await pace.hold(SALES, 5_000)
    expect(await pace.pass(paced, LANE)).toBeGreaterThan(1_000)
  },
  async 'the session gate'({ gate }) {
    await gate.close(SALES, 1)
    expect(await gate.open(SALES, 0)).toBe(true)
  },
  async 'what is unread'({ unread }) {
    for (let n = 0; n < 12; n += 1) await unread.add(SALES, CHAT, { ...KEY, id: `${n}` as KeyId })
    expect(await unread.list(SALES, CHAT)).toHaveLength(10)
  },
  async 'the store'({ store }) {
    await store.aliases.put(storeKey.alias(SALES, 'pn:1'), alias)
    expect(await store.aliases.count()).toBe(1)
  },
}

/** Runs the same step as often as it likes: what it left is taken away first. */
async function once(step: (parts: Parts) => Promise<void>, on: Parts): Promise<void> {
  await admin.flushall()
  await step(on)
}

describe.each(Object.entries(STEPS))('%s', (_name, step) => {
  it('goes on when Redis forgets the scripts under a connection', async () => {
    const redis = new Redis(server.url)
    const on = parts(redis)
    await once(step, on)
    await admin.script('FLUSH')
    await once(step, on)
    redis.disconnect()
  })

  it('goes on when Redis was full as the connection was made', async () => {
    await admin.config('SET', 'maxmemory', '1')
    const redis = new Redis(server.url)
    const on = parts(redis)
    await expect(step(on)).rejects.toThrow(/OOM|did not answer as it should/)
    await expect(step(on)).rejects.toThrow(/OOM|did not answer as it should/)
    await admin.config('SET', 'maxmemory', '0')
    await once(step, on)
    redis.disconnect()
  })

  it('goes on when its connection is killed', async () => {
    const redis = new Redis(server.url)
    const on = parts(redis)
    await once(step, on)
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await admin.script('FLUSH')
    await once(step, on)
    redis.disconnect()
  })
})

describe('appending', () => {
  it('takes all or none when a key holds something else', async () => {
    const { lanes } = parts(admin)
    await admin.set(`${prefix}lane:in:sales:pn:2:order`, 'not ours')
    const entry = { lane: LANE, order: 0, receivedAt: 5, event: {} }
    const other = { ...entry, lane: { ...LANE, key: 'pn:2' } }
    await expect(lanes.append([entry, other])).rejects.toThrow('WRONGTYPE')
    expect(await lanes.size(LANE)).toBe(0)
    await lanes.append([entry])
    expect(await lanes.size(LANE)).toBe(1)
  })

  it.each(['order', 'entries'])(
    'leaves nothing of all that came before %s that is none',
    async (part) => {
      const { lanes } = parts(admin)
      const entry = { lane: LANE, order: 0, receivedAt: 5, event: {} }
      await lanes.append([{ ...entry, receivedAt: 3 }])
      await admin.set(`${prefix}lane:in:sales:pn:3:${part}`, 'not ours')
      const others = ['pn:2', 'pn:1', 'pn:3', 'pn:4'].map((key) => ({
        ...entry,
        lane: { ...LANE, key },
      }))
      const before = await kept()
      await expect(lanes.append(others)).rejects.toThrow('WRONGTYPE')
      expect(await kept()).toEqual(before)
      await admin.del(`${prefix}lane:in:sales:pn:3:${part}`)
      await lanes.append(others)
      expect(await lanes.waiting([SALES])).toMatchObject([
        { direction: 'in', count: 5, oldest: 3 },
        {},
        {},
      ])
    },
  )

  /** Everything there is of the lanes, but for the number that none gets twice. */
  async function kept() {
    const [names, indexed, waiting] = [
      await admin.keys(`${prefix}lane:*`),
      await admin.zrange(`${prefix}lanes:in:sales`, 0, '-1', 'WITHSCORES'),
      await admin.hgetall(`${prefix}waiting`),
    ]
    const counts = await Promise.all([
      admin.zcard(`${prefix}lane:in:sales:pn:1:order`),
      admin.hlen(`${prefix}lane:in:sales:pn:1:entries`),
    ])
    return { names: names.toSorted(), indexed, waiting, counts }
  }
})
