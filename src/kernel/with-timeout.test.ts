import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withTimeout } from './async.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new Promise<never>(() => {})

it('is what the work comes to, and leaves no timer behind', async () => {
  expect(await withTimeout(10, Promise.resolve('done'), () => 'late')).toBe('done')
  await expect(withTimeout(10, Promise.reject(new Error('broken')), () => 'late')).rejects.toThrow(
    'broken',
  )
  expect(vi.getTimerCount()).toBe(0)
})

it('is what is said of lateness once the time is over, and not before', async () => {
  const said = vi.fn(() => 'late')
  const waiting = withTimeout(10, never, said)
  await vi.advanceTimersByTimeAsync(9)
  expect(said).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(await waiting).toBe('late')
})

it('throws what lateness throws', async () => {
  const waiting = withTimeout(10, never, () => {
    throw new Error('too slow')
  })
  const expected = expect(waiting).rejects.toThrow('too slow')
  await vi.advanceTimersByTimeAsync(10)
  await expected
})
