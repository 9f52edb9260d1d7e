import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Fault, Faults } from '../../sandbox/faults.ts'
import { isAlive } from '../../src/state/process-life.ts'
import { PHONE } from '../support/chat.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startWorld, type World, type WorldOptions } from '../support/world.ts'

/** What hosts give a process between SIGTERM and SIGKILL. */
const HOSTS_WAIT_MS = 10_000
const WAIT = { timeoutMs: 30_000 }
const TOKEN = 'admin-token-of-this-test-that-is-long'
let world: World
afterEach(() => world.close())

const maria = () => world.wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
const incoming = () =>
  world.chatwoot
    .allMessages()
    .filter(({ messageType }) => messageType === 'incoming')
    .map(({ content }) => content)
const got = () => world.wasender.inbox(PHONE).map(({ text }) => text)

/** A chat that both sides know, and nothing on its way. */
async function start(options: WorldOptions = {}): Promise<void> {
  world = await startWorld(options)
  maria().sendText('hello')
  await world.chatwoot.waitFor(() => incoming().includes('hello'), WAIT)
  await world.chatwoot.settled()
}

/** The next such request gets no answer. Resolves when it was made. */
async function hang(faults: Faults, fault: Omit<Fault, 'kind'>, cause: () => unknown) {
  faults.add({ kind: 'hang', times: 1, ...fault })
  await cause()
  await expect.poll(() => faults.list()).toEqual([])
}

const redisPid = () =>
  world.bridge.log.filter(({ msg }) => msg === 'Private Redis is up').at(-1)?.pid as number

/** Tells the bridge to stop; it ends well and in time, whatever hangs, and leaves nothing running. */
async function stops(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const pid = redisPid()
  const began = performance.now()
  process.kill(world.bridge.pid, signal)
  expect(await world.bridge.ended).toBe(0)
  expect(performance.now() - began).toBeLessThan(HOSTS_WAIT_MS)
  if (pid !== undefined) expect(isAlive(pid)).toBe(false)
}

describe('a bridge that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'does so while Chatwoot hangs, and brings the message afterwards (%s)',
    async (signal) => {
      await start()
      const post = { method: 'POST', path: '/messages' }
      await hang(world.chatwoot.faults, post, () => maria().sendText('in hand').delivered)
      await stops(signal)
      await world.restart()
      await maria().sendText('after').delivered
      await world.chatwoot.waitFor(() => incoming().includes('after'), WAIT)
      expect(incoming()).toEqual(['hello', 'in hand', 'after'])
    },
  )

  it('does so while a send gets no answer, and does not send it again', async () => {
    await start()
    const { wasender, chatwoot } = world
    // It arrives, and its echo comes when the bridge is back.
    wasender.faults.add({ kind: 'delay-after', ms: 60_000, path: '/send-message', times: 1 })
    wasender.echo.after = 15_000
    await chatwoot.agent().reply(1, 'in hand')
    await wasender.waitFor(() => wasender.countOf('/api/send-message') === 1, WAIT)
    await stops()
    await world.restart()
    await chatwoot.agent().reply(1, 'after')
    await wasender.waitFor(() => got().includes('after'), { timeoutMs: 60_000 })
    expect(got()).toEqual(['in hand', 'after'])
  })

  it('does so while a file is half way, and sends it afterwards', async () => {
    await start()
    const { wasender, chatwoot } = world
    const bytes = new Uint8Array(5_000_000)
    const file = { filename: 'a.pdf', contentType: 'application/pdf', bytes }
    await hang(wasender.faults, { path: '/upload' }, () =>
      chatwoot.agent().reply(1, null, { attachments: [file] }),
    )
    await stops()
    await world.restart()
    await wasender.waitFor(() => wasender.inbox(PHONE).length > 0, WAIT)
    await chatwoot.settled()
    expect(wasender.inbox(PHONE)).toHaveLength(1)
  })

  it('does so while the look for missed messages gets no answer', async () => {
    await start()
    await world.bridge.kill()
    await hang(world.chatwoot.faults, { method: 'GET', path: '/conversations' }, world.restart)
    await stops()
  })

  it('does so while somebody takes nothing of an answer, and others ask nothing', async () => {
    const address = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1' }
    await start({ config: { server: { ...address, adminToken: TOKEN } } })
    const half = [
      '',
      'GET /admin/api/accounts HTTP/1.1\r\nHost: bridge\r\n',
      'POST /webhooks/wasender/sales HTTP/1.1\r\nHost: bridge\r\nContent-Length: 100\r\n\r\n{"',
      `GET /admin HTTP/1.1\r\nHost: bridge\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
      'GET /healthz HTTP/1.1\r\nHost: bridge\r\n\r\n',
    ]
    for (const text of half) {
      const socket = connect(world.bridge.port, '127.0.0.1')
      onTestFinished(() => void socket.destroy())
      socket.on('error', () => {})
      socket.pause()
      await new Promise<void>((resolve) => void socket.write(text, () => resolve()))
    }
    await stops()
  })

  it('does so while its private Redis hangs', async () => {
    await start()
    process.kill(redisPid(), 'SIGSTOP')
    await maria().sendText('in hand').delivered
    await stops()
    await world.restart()
    await world.chatwoot.waitFor(() => incoming().includes('in hand'), WAIT)
    expect(incoming()).toEqual(['hello', 'in hand'])
  })

  it('does so while all of that hangs at once', async () => {
    await start()
    const { wasender, chatwoot } = world
    const post = { method: 'POST', path: '/messages' }
    await hang(chatwoot.faults, post, () => maria().sendText('in hand').delivered)
    await hang(wasender.faults, { path: '/send-message' }, () => chatwoot.agent().reply(1, 'out'))
    const socket = connect(world.bridge.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    socket.write(
      'POST /webhooks/wasender/sales HTTP/1.1\r\nHost: bridge\r\nContent-Length: 9\r\n\r\n{',
    )
    process.kill(redisPid(), 'SIGSTOP')
    await stops()
    await world.restart()
    await chatwoot.waitFor(() => incoming().includes('in hand'), WAIT)
    expect(incoming()).toEqual(['hello', 'in hand'])
    // Nobody knows whether it arrived, so it is never sent again by itself.
    expect(wasender.countOf('/api/send-message')).toBe(1)
  })

  it('does so at once when told again', async () => {
    await start()
    const redis = redisPid()
    const post = { method: 'POST', path: '/messages' }
    await hang(world.chatwoot.faults, post, () => maria().sendText('in hand').delivered)
    const stopping = () => world.bridge.log.some(({ msg }) => msg === 'Stopping')
    process.kill(world.bridge.pid, 'SIGTERM')
    await expect.poll(stopping).toBe(true)
    const again = setInterval(() => process.kill(world.bridge.pid, 'SIGTERM'), 100)
    expect(await world.bridge.ended).toBe(1)
    clearInterval(again)
    expect(isAlive(redis)).toBe(false)
  })
})

describe('with a Redis elsewhere, a bridge that is told to stop', () => {
  let redis: TestRedis
  let dir: string

  async function startOn(more: WorldOptions = {}): Promise<void> {
    dir = await mkdtemp(join(tmpdir(), 'redis-'))
    redis = await startRedis({ dir, durable: true })
    onTestFinished(async () => {
      await redis.stop()
      await rm(dir, { recursive: true, force: true })
    })
    await start({ ...more, config: { ...more.config, redis: { url: redis.url } } })
  }

  it.each(['file', 'redis'] as const)('does so while that hangs (store: %s)', async (store) => {
    await startOn({ config: { data: { store } } })
    process.kill(redis.pid, 'SIGSTOP')
    await maria().sendText('in hand').delivered
    await stops()
    process.kill(redis.pid, 'SIGCONT')
    await world.restart()
    await world.chatwoot.waitFor(() => incoming().includes('in hand'), WAIT)
    expect(incoming()).toEqual(['hello', 'in hand'])
  })

  it('does so while that is away, and while it waits for it to start', async () => {
    await startOn()
    await redis.kill()
    await maria().sendText('in hand').delivered
    await stops()
    await world.restart()
    await stops()
    redis = await startRedis({ dir, durable: true })
    await world.restart()
    await world.chatwoot.waitFor(() => incoming().includes('in hand'), WAIT)
    expect(incoming()).toEqual(['hello', 'in hand'])
  })

  it('does so while what waited on disk for that is being put into the lanes', async () => {
    await startOn({ chatwoot: { messagesPerMinute: 1_000_000 } })
    await redis.kill()
    const texts = Array.from({ length: 300 }, (_, n) => `${n}`)
    for (const text of texts) await maria().sendText(text).delivered
    redis = await startRedis({ dir, durable: true })
    const isBack = () => world.bridge.log.some(({ msg }) => msg === 'Redis is back')
    await expect.poll(isBack).toBe(true)
    await stops()
    await world.restart()
    await world.chatwoot.waitFor(() => incoming().length > texts.length, { timeoutMs: 60_000 })
    expect(incoming()).toEqual(['hello', ...texts])
  })
})
