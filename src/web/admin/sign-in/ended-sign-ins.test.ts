import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEndedSignIns } from './admin-session.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const keys = new Map<string, number>()
  const world = { away: false }
  const reached = <T>(work: () => T) =>
    world.away ? Promise.reject(new Error('Connection is closed.')) : Promise.resolve(work())
  const redis = {
    exists: (key: string) => reached(() => (keys.has(key) ? 1 : 0)),
    set: (key: string, _value: string, _px: string, ms: number) => reached(() => keys.set(key, ms)),
  }
  const clock = { now: () => Date.now() }
  return { world, keys, ended: createEndedSignIns({ redis: redis as never, prefix: 'p:', clock }) }
}

it('remembers them until they would have ended by themselves', async () => {
  const { ended, keys } = setUp()
  expect(await ended.has('a')).toBe(false)
  await ended.add('a', Date.now() + 5_000)
  expect(await ended.has('a')).toBe(true)
  expect([...keys]).toEqual([['p:signed-out:a', 5_000]])
  await ended.add('b', Date.now())
  expect(keys.size).toBe(1)
})

it('cannot tell while Redis is away, and catches up once it is back', async () => {
  const { ended, world } = setUp()
  world.away = true
  await ended.add('a', Date.now() + 60_000)
  expect(await ended.has('a')).toBe('unknown')
  await vi.advanceTimersByTimeAsync(12_000)
  world.away = false
  expect(await ended.has('a')).toBe(false)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await ended.has('a')).toBe(true)
})
