import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startWorld, type World } from '../support/world.ts'

const PHONE = '+15550001111'
let dir: string
let redis: TestRedis
let world: World

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redis-'))
  redis = await startRedis({ dir, durable: true })
})
afterEach(async () => {
  await world.close()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

const maria = () => world.wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
const texts = () =>
  world.chatwoot
    .allMessages()
    .filter(({ messageType }) => messageType === 'incoming')
    .map(({ content }) => content)
const spooled = async () =>
  (await readdir(join(world.dir, 'data/spool'))).filter((name) => name.endsWith('.jsonl'))

async function ready(): Promise<{ status: number; problems: string[] }> {
  const response = await fetch(`${world.bridge.url}/readyz`)
  const body = (await response.json()) as { problems?: Record<string, string> }
  return { status: response.status, problems: Object.values(body.problems ?? {}) }
}

/** A chat that both sides know, in a world on the Redis of this test. */
async function open(store: 'file' | 'redis' = 'file'): Promise<void> {
  world = await startWorld({ config: { redis: { url: redis.url }, data: { store } } })
  maria().sendText('0')
  await world.chatwoot.waitFor(() => texts().includes('0'))
  await world.chatwoot.settled()
}

/** Says these, and is done when every webhook was answered 200. */
async function say(...said: string[]): Promise<void> {
  for (const text of said) await maria().sendText(text).delivered
}

async function everythingInOrder(count: number): Promise<void> {
  await world.chatwoot.waitFor(() => texts().length >= count, { timeoutMs: 20_000 })
  expect(texts()).toEqual(Array.from({ length: count }, (_, n) => `${n}`))
  await expect.poll(spooled).toEqual([])
  await expect.poll(ready).toEqual({ status: 200, problems: [] })
}

/** One way for Redis to be away, and the way back. */
type Away = { reason: RegExp; leave: () => Promise<void>; comeBack: () => Promise<void> }

async function admin(...command: [string, ...string[]]): Promise<void> {
  const client = new Redis(redis.url)
  await client.call(...command)
  client.disconnect()
}

const AWAY: Record<string, Away> = {
  'is killed': {
    reason: /cannot be reached/,
    leave: () => redis.kill(),
    async comeBack() {
      redis = await startRedis({ dir, durable: true })
    },
  },
  hangs: {
    reason: /cannot be reached|no answer/,
    leave: async () => void process.kill(redis.pid, 'SIGSTOP'),
    comeBack: async () => void process.kill(redis.pid, 'SIGCONT'),
  },
  'is full': {
    reason: /OOM/,
    leave: () => admin('CONFIG', 'SET', 'maxmemory', '1'),
    comeBack: () => admin('CONFIG', 'SET', 'maxmemory', '0'),
  },
  'was failed over': {
    reason: /READONLY|cannot be reached/,
    leave: () => admin('REPLICAOF', '127.0.0.1', '1'),
    comeBack: () => admin('REPLICAOF', 'NO', 'ONE'),
  },
}

describe.each(Object.entries(AWAY))('while Redis %s', (_name, { reason, leave, comeBack }) => {
  it('webhooks of both sides are taken in, and delivered in order when it is back', async () => {
    await open()
    await leave()
    await say('1', '2')
    for (const text of ['a', 'b']) await world.chatwoot.agent().reply(1, text)
    await world.chatwoot.settled()
    expect(await spooled()).not.toEqual([])
    const { status, problems } = await ready()
    expect(status).toBe(503)
    expect(problems.join()).toMatch(reason)
    expect(texts()).toEqual(['0'])

    await comeBack()
    await say('3')
    await everythingInOrder(4)
    await world.wasender.waitFor(() => world.wasender.inbox(PHONE).length >= 2, {
      timeoutMs: 20_000,
    })
    expect(world.wasender.inbox(PHONE).map(({ text }) => text)).toEqual(['a', 'b'])
  })
})

describe('while Redis is away', () => {
  it('a bridge that is killed loses nothing it took in', async () => {
    await open()
    await redis.kill()
    await say('1', '2', '3')
    await world.bridge.kill()
    redis = await startRedis({ dir, durable: true })
    await world.restart()
    await say('4')
    await everythingInOrder(5)
  })

  it('a bridge that is stopped ends as always, and the next one goes on', async () => {
    await open()
    await redis.kill()
    await say('1')
    expect(await world.bridge.stop()).toBe(0)
    await world.restart()
    redis = await startRedis({ dir, durable: true })
    await say('2')
    await everythingInOrder(3)
  })

  it('webhooks are taken in although everything else is in Redis too', async () => {
    await open('redis')
    await redis.kill()
    await say('1', '2')
    await world.chatwoot.agent().reply(1, 'a')
    await world.chatwoot.settled()
    redis = await startRedis({ dir, durable: true })
    await say('3')
    await everythingInOrder(4)
    await world.wasender.waitFor(() => world.wasender.inbox(PHONE).length === 1)
    expect(world.chatwoot.contacts()).toHaveLength(1)
  })
})
