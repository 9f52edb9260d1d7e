import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startWorld, type World } from '../support/world.ts'

const PHONE = '+12025550101'
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

const maria = () => world.wasender.person({ phone: PHONE, name: 'Maria' })
const texts = () =>
  world.chatwoot
    .allMessages()
    .filter(({ messageType, content }) => messageType === 'incoming' && /^.$/.test(content ?? ''))
    .map(({ content }) => content)
const sent = () => world.wasender.inbox(PHONE).map(({ text }) => text)
const lost = () => world.bridge.log.filter(({ lost }) => lost !== undefined)
const readyz = async () =>
  (await (await fetch(`${world.bridge.url}/readyz`)).json()) as {
    status: string
    hints?: Record<string, string>
  }

async function open(store: 'file' | 'redis', options: Record<string, unknown> = {}): Promise<void> {
  world = await startWorld({ config: { redis: { url: redis.url }, data: { store } }, options })
  await say('0')
  await world.chatwoot.waitFor(() => texts().includes('0'))
  await reply('a')
  await world.wasender.waitFor(() => sent().includes('a'))
  await world.chatwoot.settled()
  await marked()
}

/** The customer's conversation, beside which there may be that of the operators. */
function reply(text: string) {
  const [first] = world.chatwoot.allMessages().filter(({ content }) => content === '0')
  return world.chatwoot.agent().reply(first?.conversationId ?? 0, text)
}

async function say(...said: string[]): Promise<void> {
  for (const text of said) await maria().sendText(text).delivered
}

/** What Redis holds by now is known on disk, by a look that began after this call. */
async function marked(): Promise<void> {
  const file = join(world.dir, 'data/redis-marker.json')
  const began = Date.now()
  await expect
    .poll(async () => JSON.parse(await readFile(file, 'utf8').catch(() => '{}')).at, {
      timeout: 20_000,
    })
    .toBeGreaterThan(began + 3_000)
}

async function flushAll(): Promise<void> {
  const admin = new Redis(redis.url)
  await admin.flushall()
  admin.disconnect()
}

const files = () => join(dir, 'appendonlydir')
const copy = () => `${dir}-copy`

/** Everything Redis has written, as it is now. */
async function takeCopy(): Promise<void> {
  await cp(files(), copy(), { recursive: true })
}

async function restoreCopy(): Promise<void> {
  await redis.kill()
  await rm(files(), { recursive: true })
  await cp(copy(), files(), { recursive: true })
  await rm(copy(), { recursive: true })
  redis = await startRedis({ dir, durable: true })
}

async function told(what: 'all' | 'some', words: RegExp): Promise<void> {
  await expect.poll(lost, { timeout: 20_000 }).toHaveLength(1)
  expect(lost()[0]).toMatchObject({ level: 50, lost: what, msg: expect.stringMatching(words) })
  expect((await readyz()).hints?.redis).toMatch(words)
  const metrics = await (await fetch(`${world.bridge.url}/metrics`)).text()
  expect(metrics).toMatch(/^bridge_redis_losses_total 1$/m)
}

describe('a Redis that was emptied', () => {
  it('is told of, and what agents wrote and waited there is found and sent, once', async () => {
    await open('file', { operatorConversation: true })
    await world.wasender.setStatus(1, 'disconnected')
    await reply('b')
    await world.chatwoot.settled()
    await flushAll()
    await told('all', /^Redis has lost everything it held/)
    await world.wasender.setStatus(1, 'connected')
    await world.wasender.waitFor(() => sent().includes('b'), { timeoutMs: 60_000 })
    expect(sent()).toEqual(['a', 'b'])
    await say('1')
    await world.chatwoot.waitFor(() => texts().includes('1'), { timeoutMs: 20_000 })
    expect(texts()).toEqual(['0', '1'])
    await expect
      .poll(() =>
        world.chatwoot.allMessages().filter(({ content }) => /found empty/.test(content ?? '')),
      )
      .toHaveLength(1)
    expect((await readyz()).status).toBe('ready')
  })

  it('sends nothing twice when all memory was in there', async () => {
    await open('redis')
    await flushAll()
    await told('all', /does not|not sent by itself any more/)
    await say('1')
    await world.chatwoot.waitFor(() => texts().includes('1'), { timeoutMs: 20_000 })
    await reply('b')
    await world.wasender.waitFor(() => sent().includes('b'), { timeoutMs: 30_000 })
    expect(sent()).toEqual(['a', 'b'])
    expect(texts()).toEqual(['0', '1'])
  })

  it('is noticed by the next bridge when it happens while there is none', async () => {
    await open('file')
    expect(await world.bridge.stop()).toBe(0)
    await flushAll()
    await world.restart()
    await told('all', /^Redis has lost everything it held/)
    expect(sent()).toEqual(['a'])
  })
})

describe('a Redis that is back in an older state', () => {
  it.each(['file', 'redis'] as const)('does nothing twice, with data.store: %s', async (store) => {
    await open(store)
    world.chatwoot.faults.add({ kind: 'answer', status: 503, method: 'POST' })
    await say('1')
    await world.wasender.setStatus(1, 'disconnected')
    await reply('b')
    await world.chatwoot.settled()
    await takeCopy()
    world.chatwoot.faults.clear()
    await world.wasender.setStatus(1, 'connected')
    await world.wasender.waitFor(() => sent().includes('b'), { timeoutMs: 60_000 })
    await world.chatwoot.waitFor(() => texts().includes('1'), { timeoutMs: 60_000 })
    await reply('c')
    await world.wasender.waitFor(() => sent().includes('c'), { timeoutMs: 30_000 })
    await marked()
    await restoreCopy()
    await told('some', /^Redis is back in an older state/)
    await say('2')
    await world.chatwoot.waitFor(() => texts().includes('2'), { timeoutMs: 30_000 })
    await reply('d')
    await world.wasender.waitFor(() => sent().includes('d'), { timeoutMs: 60_000 })
    expect(sent()).toEqual(['a', 'b', 'c', 'd'])
    expect(texts()).toEqual(['0', '1', '2'])
  })
})
