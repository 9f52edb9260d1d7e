import { expect, it, vi } from 'vitest'
import { createLogger } from './kernel/log.ts'
import { startDelivery } from './lifecycle.ts'

const log = createLogger({ level: 'silent' })

function spies() {
  return {
    info: vi.spyOn(log, 'info'),
    warn: vi.spyOn(log, 'warn'),
    error: vi.spyOn(log, 'error'),
  }
}

it('waits for a Redis that is there', async () => {
  const { warn } = spies()
  const started = vi.fn(async () => {})
  await startDelivery({ delivery: { start: started }, redis: { problem: () => undefined }, log })
  expect(started).toHaveBeenCalledOnce()
  expect(warn).not.toHaveBeenCalled()
})

it('does not wait for one that is away, and says when it has come', async () => {
  const { warn, info } = spies()
  const started = Promise.withResolvers<void>()
  const redis = { problem: () => 'Redis cannot be reached (ECONNREFUSED)' }
  await startDelivery({ delivery: { start: () => started.promise }, redis, log })
  expect(warn).toHaveBeenCalledWith({ reason: redis.problem() }, expect.stringMatching(/on disk/))
  expect(info).not.toHaveBeenCalled()
  started.resolve()
  await expect.poll(() => info).toHaveBeenCalledOnce()
})

it('does not wait long for one that hangs', async () => {
  const { warn } = spies()
  const delivery = { start: () => new Promise<void>(() => {}) }
  await startDelivery({ delivery, redis: { problem: () => undefined }, log, patienceMs: 10 })
  expect(warn).toHaveBeenCalledOnce()
})

it('fails with whatever fails at once', async () => {
  const delivery = { start: () => Promise.reject(new Error('broken')) }
  const redis = { problem: () => undefined }
  await expect(startDelivery({ delivery, redis, log })).rejects.toThrow('broken')
})

it.each([
  [new Error('broken'), 1],
  [new Error('Connection is closed.'), 0],
])('tells of a later failure, but not of the end: %s', async (failure, times) => {
  const { error } = spies()
  const started = Promise.withResolvers<void>()
  const redis = { problem: () => 'Redis is starting or hangs' }
  await startDelivery({ delivery: { start: () => started.promise }, redis, log })
  started.reject(failure)
  await new Promise((resolve) => setImmediate(resolve))
  expect(error).toHaveBeenCalledTimes(times)
})
