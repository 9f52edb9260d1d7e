import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  OperatorNeededError,
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  TransientError,
} from '../../errors.ts'
import { type Attempt, decide } from './retry.ts'

const HOUR = 3_600_000
const base: Omit<Attempt, 'error'> = {
  attempts: 0,
  acceptedAt: 1_000_000,
  now: 1_000_000,
  retryFor: 72 * HOUR,
  random: 0,
}
const transient = new TransientError('down', { code: 'test.down' })

describe('decide', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [4, 30_000],
    [9, HOUR],
    [500, HOUR],
  ])('waits longer after more failures (%i)', (attempts, wait) => {
    expect(decide({ ...base, error: transient, attempts })).toEqual({
      action: 'retry',
      at: base.now + wait,
    })
  })

  it('waits as long as the other side asks, when that is longer', () => {
    const error = new RateLimitedError('slow down', { code: 'test.429', waitMs: 60_000 })
    expect(decide({ ...base, error })).toEqual({ action: 'retry', at: base.now + 60_000 })
  })

  it('waits for the operator', () => {
    const error = new OperatorNeededError('token', { code: 'test.token' })
    expect(decide({ ...base, error }).action).toBe('retry')
  })

  it.each([
    new PermanentError('no', { code: 'test.no' }),
    new OutcomeUnknownError('lost', { code: 'test.lost' }),
  ])('never repeats what may not be repeated (%s)', (error) => {
    expect(decide({ ...base, error })).toEqual({ action: 'fail' })
  })

  it('retries a surprise, because a late message beats a lost one', () => {
    expect(decide({ ...base, error: new TypeError('oops') }).action).toBe('retry')
  })

  it('waits no longer than asked, however often it failed', () => {
    const error = new RateLimitedError('slow down', { code: 'test.429', waitMs: 5_000 })
    expect(decide({ ...base, error, attempts: 12 })).toEqual({
      action: 'retry',
      at: base.now + 5_000,
    })
  })

  it('gives an entry that had to wait for days a few attempts of its own', () => {
    const now = base.acceptedAt + 100 * HOUR
    const late = { ...base, error: transient, now }
    expect(decide({ ...late, attempts: 0 })).toEqual({ action: 'retry', at: now + 1_000 })
    expect(decide({ ...late, attempts: 1 })).toEqual({ action: 'retry', at: now + 2_000 })
    expect(decide({ ...late, attempts: 2 })).toEqual({ action: 'fail' })
  })

  it('gives up when retryFor is over, with one last attempt exactly then', () => {
    const nearEnd = base.acceptedAt + 72 * HOUR - 5_000
    expect(decide({ ...base, error: transient, attempts: 20, now: nearEnd })).toEqual({
      action: 'retry',
      at: base.acceptedAt + 72 * HOUR,
    })
    const end = base.acceptedAt + 72 * HOUR
    expect(decide({ ...base, error: transient, attempts: 21, now: end })).toEqual({
      action: 'fail',
    })
  })

  it('never schedules into the past or past the horizon', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 40 }),
        fc.nat(72 * HOUR),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(10 * HOUR),
        (attempts, elapsed, random, waitMs) => {
          const now = base.acceptedAt + elapsed
          const error = new RateLimitedError('x', { code: 'x', waitMs })
          const decision = decide({ ...base, error, attempts, now, random })
          if (decision.action === 'retry') {
            expect(decision.at).toBeGreaterThan(now)
            expect(decision.at).toBeLessThanOrEqual(base.acceptedAt + base.retryFor)
          }
        },
      ),
    )
  })
})
