import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { ConfigError } from './kernel/errors.ts'
import { createLifecycle } from './lifecycle.ts'

function lifeWith(confirm: () => Promise<void>) {
  const started: string[] = []
  const part = (name: string) => ({ start: async () => void started.push(name), close: vi.fn() })
  const redis = Object.assign(new EventEmitter(), { status: 'ready' })
  const parts = {
    redis,
    confirm,
    queue: part('workers'),
    work: {},
    reorderWindow: { begin: vi.fn() },
    intake: { ...part('intake'), resume: vi.fn() },
    infoPolls: part('info polls'),
    catchUp: part('catch-up'),
    sessionProtection: part('protection'),
    operator: part('operator'),
    openLidsWatch: part('open LIDs'),
    accounts: new Map(),
  }
  const life = createLifecycle(parts as unknown as Parameters<typeof createLifecycle>[0])
  return { life, started }
}

it('works on nothing when what has to hold does not', async () => {
  const { life, started } = lifeWith(async () => {
    throw new ConfigError('Another Chatwoot.', { code: 'chatwoot.another' })
  })
  await expect(life.start()).rejects.toThrow(ConfigError)
  expect(started).toEqual([])
})

it('waits for a Redis that cannot tell yet', async () => {
  const confirm = vi
    .fn(async () => {})
    .mockRejectedValueOnce(new Error('LOADING Redis is loading the dataset in memory'))
  const { life, started } = lifeWith(confirm)
  await life.start()
  expect(confirm).toHaveBeenCalledTimes(2)
  expect(started).toContain('workers')
})
