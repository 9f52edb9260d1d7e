import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { TransientError } from '../../src/kernel/errors.ts'
import { asId, type MsgId } from '../../src/kernel/ids.ts'
import type { SetAside } from '../../src/state/set-aside/set-aside.ts'
import { storeKey } from '../../src/state/store/keys.ts'
import { createRedisStore } from '../../src/state/store/redis-store.ts'
import type { Store } from '../../src/state/store/types.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { useRedis } from '../support/use-redis.ts'
import { describeStore, type StorePlace } from './conformance.ts'
import { account, accountState, chat, inboundLink, linkId, outboundLink } from './samples.ts'

let server: TestRedis
let redis: Redis

useRedis((given, itsServer) => {
  redis = given
  server = itsServer
})

describeStore('Redis', async (): Promise<StorePlace> => {
  const prefix = `${randomUUID()}:`
  return {
    open: async () => createRedisStore({ redis, prefix }),
    dispose: async () => {
      const keys = await redis.keys(`${prefix}*`)
      if (keys.length > 0) await redis.del(...keys)
    },
  }
})

describe('Redis store', () => {
  const DAY = 86_400_000
  const prefix = 'bridge:'
  let now = 1000 * DAY
  const open = async (connection = redis): Promise<Store> =>
    createRedisStore({
      redis: connection,
      prefix,
      now: () => now,
      limits: { linkAgeMs: 30 * DAY },
    })

  afterEach(() => redis.flushall())

  it('loses no update when several processes change one value', async () => {
    const connections = Array.from({ length: 4 }, () => new Redis(server.url))
    onTestFinished(() => {
      for (const connection of connections) connection.disconnect()
    })
    const stores = await Promise.all(connections.map((connection) => open(connection)))
    const updates = stores.flatMap((store) =>
      Array.from({ length: 50 }, () =>
        store.accounts.update('sales', (old) => accountState((old?.at ?? 0) + 1)),
      ),
    )
    await Promise.all(updates)
    expect(await stores[0]!.accounts.get('sales')).toEqual(accountState(200))
  })

  it('leaves no index entry behind', async () => {
    const store = await open()
    const link = outboundLink(1, { state: 'accepted' })
    await store.links.put(linkId(link), link)
    await store.links.put(linkId(link), { ...link, msgId: asId<MsgId>(77), state: 'read' })
    expect(await redis.keys(`${prefix}links:by:open:*`)).toEqual([])
    await store.links.delete(linkId(link))
    expect(await redis.keys(`${prefix}*`)).toEqual([`${prefix}links:sequence`])
  })

  it('drops links that are too old while others are written, and their index entries', async () => {
    const store = await open()
    for (const n of [1, 2, 3]) await store.links.put(linkId(inboundLink(n)), inboundLink(n))
    await store.chats.put('c', chat(1))
    now += 31 * DAY
    await store.links.put(linkId(inboundLink(4)), inboundLink(4))
    expect(await store.links.count()).toBe(2)
    await store.links.put(linkId(inboundLink(5)), inboundLink(5))
    expect(await store.links.count()).toBe(2)
    const old = storeKey.byMessage(account, inboundLink(1).messageId)
    expect(await store.links.findBy('message', old)).toEqual([])
    await store.chats.put('d', chat(2))
    expect(await store.chats.count()).toBe(2)
  })

  it('keeps numbers and empty lists exactly as they are', async () => {
    const store = await open()
    const value = { ...chat(1), at: 1_234_567_890_123_456, extra: [], more: {} }
    await store.chats.put('c', value)
    await store.chats.update('c', (old) => old && { ...old, nameSet: 'x' })
    expect(await store.chats.get('c')).toEqual({ ...value, nameSet: 'x' })
  })

  it('fails with a TransientError, without customer data, while Redis is away', async () => {
    const own = await startRedis()
    onTestFinished(() => own.stop())
    const connection = new Redis(own.url, { maxRetriesPerRequest: 0, enableOfflineQueue: false })
    connection.on('error', () => {})
    onTestFinished(() => connection.disconnect())
    await new Promise((resolve) => connection.once('ready', resolve))
    const store = createRedisStore({ redis: connection, prefix })
    await store.links.put(linkId(inboundLink(1)), inboundLink(1))
    await own.kill()

    const failure = await store.links.put('secret-id', inboundLink(2)).catch((error) => error)
    expect(failure).toBeInstanceOf(TransientError)
    expect(failure.code).toBe('store.redis_failed')
    expect(JSON.stringify({ ...failure, message: failure.message })).not.toContain('secret-id')
    await expect(store.links.count()).rejects.toThrow(TransientError)
    await store.close()
  })

  it('names the reason when Redis refuses a write', async () => {
    const store = await open()
    await redis.config('SET', 'maxmemory', '1')
    try {
      await expect(store.chats.put('c', chat(1))).rejects.toMatchObject({
        context: { reply: 'OOM' },
      })
    } finally {
      await redis.config('SET', 'maxmemory', '0')
    }
  })

  it('goes on after Redis forgot its scripts', async () => {
    const store = await open()
    await store.chats.put('c', chat(1))
    await redis.script('FLUSH')
    await store.chats.put('d', chat(2))
    expect(await store.chats.count()).toBe(2)
  })

  it.each(['', 'x', '1\n[]\n{"account":', '1\n[]\n"text"', '1\n[]\n{}', 'no\nlist\n7'])(
    'sets a record aside that is not as it was written (%j), and works with that id',
    async (record) => {
      const told: SetAside[] = []
      const store = createRedisStore({ redis, prefix, onSetAside: (news) => told.push(news) })
      const link = outboundLink(1)
      await store.accounts.put(account, accountState(1))
      await store.links.put('a', link)
      await redis.hset(`${prefix}links:records`, 'a', record)
      expect(await store.links.get('a')).toBeUndefined()
      expect(
        await store.links.findBy('message', storeKey.byMessage(account, link.messageId)),
      ).toEqual([])
      expect(await store.links.update('a', () => link)).toEqual(link)
      expect(await store.links.get('a')).toEqual(link)
      if (record === '') return
      expect(told).toEqual([{ what: 'store', where: `${prefix}links:records`, count: 1 }])
      expect(await redis.hvals(`${prefix}damaged:store`)).toEqual([record])
      expect((await store.accounts.get(account))?.forgotBefore).toBeGreaterThan(Date.now())
    },
  )

  it('finds and replaces damaged records by every way to them', async () => {
    const store = createRedisStore({ redis, prefix })
    for (const id of ['a', 'b', 'c', 'd']) await store.chats.put(id, chat(1))
    for (const id of ['a', 'b', 'c', 'd']) await redis.hset(`${prefix}chats:records`, id, 'x')
    await store.chats.put('a', chat(2))
    await store.chats.delete('b')
    await store.chats.delete('c', () => true)
    const found: string[] = []
    for await (const { id } of store.chats.all()) found.push(id)
    expect(found).toEqual(['a'])
    expect(await store.chats.get('a')).toEqual(chat(2))
  })
})
