import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { closeWorker, createInHand } from '../../src/state/redis/close-worker.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let server: TestRedis
let redis: Redis
let blocking: Redis
beforeEach(async () => {
  server = await startRedis()
  redis = new Redis(server.url, { maxRetriesPerRequest: null })
  // Far longer than the test: whoever waits for it to come back waits for ever.
  blocking = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 600_000 })
})
afterEach(async () => {
  redis.disconnect()
  blocking.disconnect()
  await server.stop()
})

async function startWorker(): Promise<Worker> {
  const worker = new Worker('any', async () => {}, { connection: blocking, autorun: false })
  worker.on('error', () => {})
  void worker.run()
  await expect.poll(blocked).toBeDefined()
  return worker
}

/** The id of the connection the worker blocks on. */
async function blocked(): Promise<string | undefined> {
  const clients = String(await redis.client('LIST')).split('\n')
  return /id=(\d+)/.exec(clients.find((line) => line.includes('cmd=bzpopmin')) ?? '')?.[1]
}

async function loseBlocking(worker: Worker): Promise<void> {
  await redis.client('KILL', 'ID', Number(await blocked()))
  const client = await worker.backend.blockingClient
  await expect.poll(() => client?.status).toBe('reconnecting')
}

it('ends a worker that waits for jobs', async () => {
  const worker = await startWorker()
  await closeWorker(worker, redis, createInHand())
  expect(worker.isRunning()).toBe(false)
})

it('ends a worker whose blocking connection is on its way back, after the work in hand', async () => {
  const worker = await startWorker()
  const inHand = createInHand()
  const work = Promise.withResolvers<void>()
  const events: string[] = []
  void inHand.track(work.promise.then(() => void events.push('work')))
  await loseBlocking(worker)
  const closing = closeWorker(worker, redis, inHand).then(() => void events.push('closed'))
  await expect.poll(() => worker.isPaused()).toBe(true)
  work.resolve()
  await closing
  expect(events).toEqual(['work', 'closed'])
})
