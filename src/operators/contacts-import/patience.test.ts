import { describe, expect, it, vi } from 'vitest'
import {
  OperatorNeededError,
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../../kernel/errors.ts'
import { createPatience } from './contacts-import.ts'

const code = 'chatwoot.test'

function patience(given: { pauseMs?: number; waitsMs?: number[] } = {}) {
  const stop = new AbortController()
  const onWait = vi.fn(async () => {})
  const work = createPatience({
    signal: stop.signal,
    onWait,
    pauseMs: 0,
    waitsMs: [1, 2, 3],
    ...given,
  })
  return { work, stop, onWait }
}

describe('patience', () => {
  it.each([
    ['a passing failure', new TransientError('x', { code })],
    ['a lost answer', new OutcomeUnknownError('x', { code })],
  ])('tries again after %s, and says so', async (_, error) => {
    const { work, onWait } = patience()
    const attempts: number[] = []
    const done = await work(async (attempt) => {
      attempts.push(attempt)
      if (attempt < 2) throw error
      return 'done'
    })
    expect([done, attempts]).toEqual(['done', [0, 1, 2]])
    expect(onWait.mock.calls).toEqual([
      [error, 1],
      [error, 2],
    ])
  })

  it('gives up at last', async () => {
    const { work, onWait } = patience()
    const error = new TransientError('x', { code })
    await expect(work(() => Promise.reject(error))).rejects.toBe(error)
    expect(onWait).toHaveBeenCalledTimes(3)
  })

  it.each([
    new PermanentError('x', { code }),
    new OperatorNeededError('x', { code }),
    new SessionDownError('x', { code }),
    new RateLimitedError('x', { code, waitMs: 3_600_000 }),
    new Error('a bug'),
  ])('does not try again after $name', async (error) => {
    const { work, onWait } = patience()
    await expect(work(() => Promise.reject(error))).rejects.toBe(error)
    expect(onWait).not.toHaveBeenCalled()
  })

  it('waits for as long as it is asked to, and is slower from then on', async () => {
    const { work, onWait } = patience({ pauseMs: 30 })
    const limited = new RateLimitedError('x', { code, waitMs: 50 })
    const began = performance.now()
    const first = await work(async (attempt) => {
      if (attempt === 0) throw limited
      return performance.now()
    })
    const second = await work(async () => performance.now())
    expect(onWait).toHaveBeenCalledWith(limited, 50)
    // Timers of Node may be a millisecond early.
    expect(first - began).toBeGreaterThan(48)
    expect(second - first).toBeGreaterThan(58)
  })

  it('ends a wait when it is stopped', async () => {
    const { work, stop } = patience({ waitsMs: [60_000] })
    const working = work(() => Promise.reject(new TransientError('x', { code })))
    stop.abort()
    await expect(working).rejects.toThrow(/abort/i)
    await expect(work(async () => 'never')).rejects.toThrow(/abort/i)
  })
})
