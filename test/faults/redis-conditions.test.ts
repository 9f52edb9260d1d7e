import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startWorld, type World } from '../support/world.ts'

const PHONE = '+12025550101'
const OTHER = '+12025550102'
const ADMIN_TOKEN = 'an-admin-token-of-some-length'
let dir: string
let redis: TestRedis
let world: World
/** Made before anything goes wrong, so that it can end it. */
let admin: Redis

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redis-'))
  redis = await startRedis({ dir, durable: true })
  admin = new Redis(redis.url)
})
afterEach(async () => {
  await world.close()
  admin.disconnect()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

const person = (phone: string) => world.wasender.person({ phone, name: 'Maria' })
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

async function ready(): Promise<{ status: number; problems: Record<string, string> }> {
  const response = await get('/readyz')
  const body = (await response.json()) as { problems?: Record<string, string> }
  return { status: response.status, problems: body.problems ?? {} }
}

/** A chat that both sides know. */
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
}

/** Says these, and is done when every webhook was answered 200. */
async function say(...said: string[]): Promise<void> {
  for (const text of said) await person(PHONE).sendText(text).delivered
}

async function everythingInOrder(count: number): Promise<void> {
  await world.chatwoot.waitFor(() => texts().length >= count, { timeoutMs: 40_000 })
  expect(texts()).toEqual(Array.from({ length: count }, (_, n) => `${n}`))
  await expect.poll(spooled).toEqual([])
  await expect.poll(ready).toEqual({ status: 200, problems: {} })
}

/** Whoever is connected has to come back. */
const dropAll = () => admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
const setting = (name: string, value: string) => admin.config('SET', name, value)

let fake: { server: Server; sockets: Set<Socket> } | undefined

/** Takes the server's place and says the same to whatever is asked. */
async function answerWith(reply: string): Promise<void> {
  await redis.kill()
  await rm(redis.url, { force: true })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', () => socket.write(reply))
  })
  fake = { server, sockets }
  await new Promise<void>((resolve) => server.listen(redis.url, resolve))
}

async function stopFake(): Promise<void> {
  fake?.server.close()
  for (const socket of fake?.sockets ?? []) socket.destroy()
  await rm(redis.url, { force: true })
  redis = await startRedis({ dir, durable: true })
}

type Condition = { reason: RegExp; begin: () => Promise<unknown>; end: () => Promise<unknown> }

const CONDITIONS: Record<string, Condition> = {
  'is full as the connection is made': {
    reason: /Redis takes no writes \(OOM\): it is full/,
    async begin() {
      await setting('maxmemory', '1')
      await admin.script('FLUSH')
      await dropAll()
    },
    end: () => setting('maxmemory', '0'),
  },
  'is full and started anew': {
    reason: /OOM|cannot be reached/,
    async begin() {
      await redis.kill()
      redis = await startRedis({ dir, durable: true })
      await admin.connect().catch(() => {})
      await setting('maxmemory', '1')
      await dropAll()
    },
    end: () => setting('maxmemory', '0'),
  },
  'lacks its replicas': {
    reason: /\(NOREPLICAS\): too few of its replicas/,
    begin: () => setting('min-replicas-to-write', '1'),
    end: () => setting('min-replicas-to-write', '0'),
  },
  'lets its user do nothing any more': {
    reason: /\(NOPERM\): the user in redis.url/,
    begin: () => admin.call('ACL', 'SETUSER', 'default', '-eval', '-evalsha'),
    end: () => admin.call('ACL', 'SETUSER', 'default', '+@all'),
  },
  'does not let its user write to these keys': {
    reason: /\(NOPERM\): the user in redis.url/,
    begin: () => admin.call('ACL', 'SETUSER', 'default', 'resetkeys', '~none'),
    end: () => admin.call('ACL', 'SETUSER', 'default', 'allkeys'),
  },
  'is kept busy by a script': {
    reason: /\(BUSY\): a script keeps it busy|cannot be reached|no answer/,
    async begin() {
      await setting('busy-reply-threshold', '10')
      const other = new Redis(redis.url)
      other.on('error', () => {})
      other.eval('while true do end', 0).catch(() => other.disconnect())
      await expect.poll(() => admin.ping().catch(({ message }) => message)).toMatch(/BUSY/)
    },
    end: () => admin.call('SCRIPT', 'KILL'),
  },
  'takes no more connections': {
    reason: /cannot be reached|no more connections/,
    async begin() {
      await setting('maxclients', '1')
      await dropAll()
    },
    end: () => setting('maxclients', '10000'),
  },
  'speaks another protocol': {
    reason: /Redis/,
    begin: () => answerWith('HTTP/1.1 400 Bad Request\r\n\r\n'),
    end: stopFake,
  },
  'is part of a cluster that is down': {
    reason: /CLUSTERDOWN|Redis/,
    begin: () => answerWith('-CLUSTERDOWN Hash slot not served\r\n'),
    end: stopFake,
  },
}

describe.each(Object.entries(CONDITIONS))('a Redis that %s', (_name, { reason, begin, end }) => {
  it('takes nothing, webhooks are taken in all the same, and all goes on when it is well', async () => {
    await open()
    await begin()
    await say('1', '2')
    for (const text of ['a', 'b']) await world.chatwoot.agent().reply(1, text)
    await world.chatwoot.settled()
    expect(await spooled()).not.toEqual([])
    // A connection that was lost takes a moment to come back to such a Redis.
    await expect.poll(async () => (await ready()).problems.redis).toMatch(reason)
    const { status, problems } = await ready()
    expect(status).toBe(503)
    expect(problems.spool).toMatch(/^Webhooks wait on disk: /)
    expect(texts()).toEqual(['0'])

    await end()
    await say('3')
    await everythingInOrder(4)
    await world.wasender.waitFor(() => sent().length >= 2, { timeoutMs: 20_000 })
    expect(sent()).toEqual(['a', 'b'])
  })
})

describe.each(['file', 'redis'] as const)('with data.store: %s', (store) => {
  it('a Redis that forgets its scripts is not even noticed', async () => {
    await open(store)
    for (let n = 1; n <= 12; n += 1) {
      if (n % 3 === 0) await admin.script('FLUSH')
      await say(`${n}`)
    }
    await admin.script('FLUSH')
    await world.chatwoot.agent().reply(1, 'a')
    await world.chatwoot.settled()
    await everythingInOrder(13)
    await world.wasender.waitFor(() => sent().length > 0)
    expect(sent()).toEqual(['a'])
    const wrong = world.bridge.log.filter(({ level }) => level >= 50)
    expect(wrong).toEqual([])
  })
})

describe('a key that holds something else', () => {
  it('costs one chat its place, and nobody else anything', async () => {
    await open()
    const [order] = await admin.keys('wasender-chatwoot:lane:in:sales:*:order')
    const chat = order ?? 'wasender-chatwoot:lane:in:sales:pn:12025550101:order'
    await admin.del(chat)
    await admin.set(chat, 'not of the bridge')
    await say('1')
    await person(OTHER).sendText('2').delivered
    await world.chatwoot.waitFor(() => texts().includes('2'), { timeoutMs: 20_000 })
    const failures = async () =>
      ((await (await get('/admin/api/failures')).json()) as { failures: Record<string, string>[] })
        .failures
    // A message comes under more names than one.
    await expect.poll(async () => (await failures()).length).toBeGreaterThan(0)
    expect((await failures())[0]).toMatchObject({
      code: 'bridge.not_placed',
      reason: expect.stringMatching(/WRONGTYPE/),
    })
    await expect.poll(ready).toEqual({ status: 200, problems: {} })

    await admin.del(chat)
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` }
    const url = `${world.bridge.url}/admin/api/failures/retry`
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(200)
    await world.chatwoot.waitFor(() => texts().includes('1'), { timeoutMs: 20_000 })
    await expect.poll(failures).toEqual([])
    expect(texts().toSorted()).toEqual(['0', '1', '2'])
  })
})

describe('a disk that takes nothing', () => {
  const data = () => join(world.dir, 'data')
  async function breakDisk(): Promise<void> {
    await rename(data(), `${data()}.aside`)
    await writeFile(data(), '')
  }
  async function mendDisk(): Promise<void> {
    await rm(data())
    await rename(`${data()}.aside`, data())
  }

  it('is no reason to refuse a webhook while Redis takes it', async () => {
    await open()
    await breakDisk()
    await say('1')
    await person(OTHER).sendText('2').delivered
    await world.chatwoot.agent().reply(1, 'a')
    await world.chatwoot.settled()
    const { status, problems } = await ready()
    expect(status).toBe(503)
    expect(problems.store).toMatch(/^What the bridge remembers is not kept: data.dir/)
    expect(JSON.stringify(problems)).not.toContain(world.dir)
    expect(problems).not.toHaveProperty('webhooks')

    await mendDisk()
    await world.chatwoot.waitFor(() => texts().length >= 3, { timeoutMs: 40_000 })
    expect(texts().toSorted()).toEqual(['0', '1', '2'])
    await world.wasender.waitFor(() => sent().length > 0, { timeoutMs: 20_000 })
    expect(sent()).toEqual(['a'])
    await expect.poll(ready).toEqual({ status: 200, problems: {} })
  })

  it('and a Redis that takes nothing refuse a webhook, and the reason is told and counted', async () => {
    await open()
    await breakDisk()
    await setting('maxmemory', '1')
    const session = world.wasender.session()
    const answer = await fetch(`${world.bridge.url}/webhooks/wasender/sales`, {
      method: 'POST',
      headers: { 'X-Webhook-Signature': session.webhookSecret, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        event: 'messages.received',
        data: {
          messages: {
            key: { id: '3EB0AA01', fromMe: false, remoteJid: '12025550101@s.whatsapp.net' },
            message: { conversation: '1' },
          },
        },
      }),
    })
    expect(answer.status).toBe(503)
    const { problems } = await ready()
    expect(problems.webhooks).toMatch(
      /^A webhook could not be stored, neither in Redis nor on disk: Redis takes no writes \(OOM\).*data\.dir/,
    )
    expect(JSON.stringify(problems)).not.toContain(world.dir)
    const metrics = await (await get('/metrics')).text()
    expect(metrics).toMatch(/bridge_webhooks_total\{[^}]*result="not-stored"[^}]*\} 1/)
    await mendDisk()
    await setting('maxmemory', '0')
  })
})
