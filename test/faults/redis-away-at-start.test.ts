import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startWorld, type World } from '../support/world.ts'

const PHONE = '+15550001111'
const ADMIN_TOKEN = 'an-admin-token-of-some-length'
const PASSWORD = 'password-of-redis'
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

const texts = () =>
  world.chatwoot
    .allMessages()
    .filter(({ messageType }) => messageType === 'incoming')
    .map(({ content }) => content)
const sent = () => world.wasender.inbox(PHONE).map(({ text }) => text)
const spooled = async () =>
  (await readdir(join(world.dir, 'data/spool'))).filter((name) => name.endsWith('.jsonl'))
const get = (path: string) =>
  fetch(`${world.bridge.url}${path}`, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } })
const logged = (msg: string) => world.bridge.log.filter((line) => line.msg === msg)

/** Says these, and is done when every webhook was answered 200. */
async function say(...said: string[]): Promise<void> {
  const maria = world.wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
  for (const text of said) await maria.sendText(text).delivered
}

/** A chat that both sides know, and then no bridge. */
async function open(store: 'file' | 'redis' = 'file'): Promise<void> {
  const server = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1' }
  world = await startWorld({
    config: {
      server: { ...server, adminToken: ADMIN_TOKEN },
      redis: { url: redis.url },
      data: { store },
    },
  })
  await say('0')
  await world.chatwoot.waitFor(() => texts().includes('0'))
  await world.chatwoot.settled()
  expect(await world.bridge.stop()).toBe(0)
}

async function stopsWithin(ms: number): Promise<void> {
  const began = Date.now()
  expect(await world.bridge.stop()).toBe(0)
  expect(Date.now() - began).toBeLessThan(ms)
}

async function everythingInOrder(count: number): Promise<void> {
  await world.chatwoot.waitFor(() => texts().length >= count, { timeoutMs: 30_000 })
  expect(texts()).toEqual(Array.from({ length: count }, (_, n) => `${n}`))
  await expect.poll(spooled).toEqual([])
  await expect.poll(async () => (await get('/readyz')).status).toBe(200)
}

async function admin(password: string | undefined, ...command: [string, ...string[]]) {
  const client = new Redis(redis.url, password === undefined ? {} : { password })
  await client.call(...command)
  client.disconnect()
}

/** Takes a server's place and answers each command like one that reads its files. */
async function startLoading(path: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const commands = chunk.toString().match(/(^|\n)\*\d+\r/g) ?? []
      for (const _ of commands) {
        socket.write('-LOADING Redis is loading the dataset in memory\r\n')
      }
    })
    connections.add(socket)
  })
  const connections = new Set<{ destroy(): void }>()
  server.on('close', () => {
    for (const socket of connections) socket.destroy()
  })
  await rm(path, { force: true })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

let loading: Server

const AWAY: Record<
  string,
  { reason: RegExp; leave: () => Promise<void>; comeBack: () => Promise<void> }
> = {
  'is not there': {
    reason: /^Redis cannot be reached \((ENOENT|ECONNREFUSED)\)/,
    leave: () => redis.kill(),
    async comeBack() {
      redis = await startRedis({ dir, durable: true })
    },
  },
  hangs: {
    reason: /^Redis (is starting or hangs|cannot be reached)/,
    leave: async () => void process.kill(redis.pid, 'SIGSTOP'),
    comeBack: async () => void process.kill(redis.pid, 'SIGCONT'),
  },
  'reads its files': {
    reason: /^Redis is starting or hangs/,
    async leave() {
      await redis.kill()
      loading = await startLoading(redis.url)
    },
    async comeBack() {
      loading.close()
      loading.emit('close')
      await rm(redis.url, { force: true })
      redis = await startRedis({ dir, durable: true })
    },
  },
  'is full': {
    reason: /^Redis takes no writes \(OOM\)/,
    leave: () => admin(undefined, 'CONFIG', 'SET', 'maxmemory', '1'),
    comeBack: () => admin(undefined, 'CONFIG', 'SET', 'maxmemory', '0'),
  },
  'wants a password': {
    reason: /^Redis refuses what redis.url says about user and password \(NOAUTH\)/,
    leave: () => admin(undefined, 'CONFIG', 'SET', 'requirepass', PASSWORD),
    comeBack: () => admin(PASSWORD, 'CONFIG', 'SET', 'requirepass', ''),
  },
}

describe.each(Object.entries(AWAY))('a bridge whose Redis %s', (_name, away) => {
  it('starts, takes webhooks in, stops, and delivers all of it in order later', async () => {
    await open()
    await away.leave()
    await world.restart()
    await say('1', '2')
    await world.chatwoot.agent().reply(1, 'a')
    await world.chatwoot.settled()
    expect(await spooled()).not.toEqual([])

    const ready = await get('/readyz')
    expect(ready.status).toBe(503)
    const { problems } = (await ready.json()) as { problems: Record<string, string> }
    expect(problems.redis).toMatch(away.reason)
    expect(problems).toHaveProperty('workers')
    expect(problems).toHaveProperty('spool')
    expect((await get('/healthz')).status).toBe(200)
    expect((await get('/metrics')).status).toBe(200)

    await stopsWithin(10_000)
    await world.restart()
    await say('3')
    await away.comeBack()
    await say('4')
    await everythingInOrder(5)
    await world.wasender.waitFor(() => sent().length > 0, { timeoutMs: 20_000 })
    expect(sent()).toEqual(['a'])
    expect(logged('Redis is there: the workers run')).toHaveLength(1)
  })
})

describe('a bridge whose Redis is away when it starts', () => {
  it('says so to an admin who asks for what is in there', async () => {
    await open()
    await redis.kill()
    await world.restart()
    const answer = await get('/admin/api/failures')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      code: 'redis.away',
      error: expect.stringMatching(/Redis/),
    })
  })

  it('takes webhooks in although everything it remembers is in Redis too', async () => {
    await open('redis')
    await redis.kill()
    await world.restart()
    await say('1', '2')
    await stopsWithin(10_000)
    await world.restart()
    redis = await startRedis({ dir, durable: true })
    await say('3')
    await everythingInOrder(4)
    expect(world.chatwoot.contacts()).toHaveLength(1)
  })

  it('repeats no password in what it logs', async () => {
    await open()
    await admin(undefined, 'CONFIG', 'SET', 'requirepass', PASSWORD)
    await world.restart()
    await expect
      .poll(() => world.bridge.log.some(({ level, reason }) => level >= 50 && reason === 'NOAUTH'))
      .toBe(true)
    await admin(PASSWORD, 'CONFIG', 'SET', 'requirepass', '')
    await everythingInOrder(1)
  })
})
