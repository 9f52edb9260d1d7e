import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLogger } from '../../kernel/log.ts'
import { connectRedis, waitForRedis } from './connect.ts'
import { keepPrivateRedis } from './open.ts'
import { probe } from './probe.ts'

const log = createLogger({ level: 'silent' })
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redis-'))
})
afterEach(() => rm(dir, { recursive: true }))

const patience = () => AbortSignal.timeout(5_000)
const noPatience = () => AbortSignal.abort()

async function answers(url: string): Promise<string> {
  const redis = connectRedis(url)
  try {
    await waitForRedis(redis, AbortSignal.timeout(20_000))
    return await redis.ping()
  } finally {
    redis.disconnect()
  }
}

it('is up when it returns, if that does not take long', async () => {
  const redis = await keepPrivateRedis({ dir, log, patience: patience() })
  expect((await probe(redis.url, dir)).state).toBe('ready')
  expect(redis.problem()).toBeUndefined()
  await redis.stop()
  expect(await probe(redis.url, dir)).toEqual({ state: 'nobody' })
})

it('comes later when it is not waited for', async () => {
  const redis = await keepPrivateRedis({ dir, log, patience: noPatience() })
  expect(await answers(redis.url)).toBe('PONG')
  await redis.stop()
})

it('is gone when it is stopped before it was there', async () => {
  const redis = await keepPrivateRedis({ dir, log, patience: noPatience() })
  await redis.stop()
  await expect.poll(() => probe(redis.url, dir)).toEqual({ state: 'nobody' })
})

it('is tried again when its files keep it from starting, until they are mended', async () => {
  await mkdir(join(dir, 'appendonlydir'))
  await writeFile(join(dir, 'appendonlydir', 'appendonly.aof.manifest'), 'not a manifest\n')
  const error = vi.spyOn(log, 'error')
  const redis = await keepPrivateRedis({ dir, log, patience: AbortSignal.timeout(1_000) })
  await expect.poll(() => redis.problem()).toMatch(/does not start/)
  expect(error).toHaveBeenCalled()
  await rm(join(dir, 'appendonlydir'), { recursive: true })
  expect(await answers(redis.url)).toBe('PONG')
  await expect.poll(() => redis.problem()).toBeUndefined()
  await redis.stop()
}, 30_000)

it('fails at once where an operator has to do something first', async () => {
  vi.stubEnv('PATH', join(dir, 'nothing-here'))
  try {
    await expect(keepPrivateRedis({ dir, log, patience: patience() })).rejects.toMatchObject({
      code: 'redis.missing',
    })
  } finally {
    vi.unstubAllEnvs()
  }
})
