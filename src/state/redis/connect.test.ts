import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createLogger } from '../../kernel/log.ts'
import { isAlive } from '../process-life.ts'
import { connectRedis, waitForRedis } from './connect.ts'
import { type PrivateRedis, startPrivateRedis } from './private.ts'

const log = createLogger({ level: 'silent' })
let dir: string
let server: PrivateRedis

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redis-'))
  server = await startPrivateRedis({ dir, log })
})

afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

/** The server dies, and is started again a moment later. */
async function killServer(): Promise<void> {
  // One that was started again may answer before its number is known.
  await expect.poll(() => isAlive(server.pid)).toBe(true)
  process.kill(server.pid, 'SIGKILL')
}

it('fails commands at once while Redis is away and works again afterwards', async () => {
  const redis = connectRedis(server.url)
  await waitForRedis(redis)
  await killServer()
  await expect.poll(() => redis.status).not.toBe('ready')
  await expect(redis.ping()).rejects.toThrow()
  await waitForRedis(redis)
  expect(await redis.ping()).toBe('PONG')
  redis.disconnect()
})

it('keeps the commands of a queue until Redis is back', async () => {
  const redis = connectRedis(server.url, { use: 'queue' })
  await waitForRedis(redis)
  await killServer()
  await expect.poll(() => redis.status).not.toBe('ready')
  expect(await redis.ping()).toBe('PONG')
  redis.disconnect()
})

it('logs a lost connection once, not every attempt', async () => {
  const warn = vi.spyOn(log, 'warn')
  const redis = connectRedis(join(dir, 'nobody.sock'), { log })
  const attempts = vi.fn()
  redis.on('reconnecting', attempts)
  await expect.poll(() => attempts.mock.calls.length).toBeGreaterThan(2)
  expect(warn).toHaveBeenCalledTimes(1)
  redis.disconnect()
})

it('ends the wait when it is told to', async () => {
  const redis = connectRedis(join(dir, 'nobody.sock'))
  const stop = new AbortController()
  const wait = waitForRedis(redis, stop.signal)
  stop.abort(new Error('stopped'))
  await expect(wait).rejects.toThrow('stopped')
  redis.disconnect()
})
