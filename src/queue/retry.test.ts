import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  OperatorNeededError,
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../kernel/errors.ts'
import { type Attempt, decide, LONGEST_WAIT_MS } from './retry.ts'

const HOUR = 3_600_000
const base: Omit<Attempt, 'error'> = {
  attempts: 0,
  refusals: 0,
  othersGetAcross: false,
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
      refusals: 0,
    })
  })

  it('waits as long as the other side asks, when that is longer', () => {
    const error = new RateLimitedError('slow down', { code: 'test.429', waitMs: 60_000 })
    expect(decide({ ...base, error })).toEqual({
      action: 'retry',
      at: base.now + 60_000,
      refusals: 0,
    })
  })

  it('asks again within an hour and a fifth, however long the other side wants it to wait', () => {
    for (const waitMs of [2 * HOUR, 48 * HOUR, Number.MAX_SAFE_INTEGER]) {
      const error = new RateLimitedError('slow down', { code: 'test.429', waitMs })
      const decision = decide({ ...base, error, attempts: 50, random: 0.999 })
      expect(decision).toMatchObject({ action: 'retry' })
      expect('at' in decision && decision.at).toBeLessThanOrEqual(base.now + LONGEST_WAIT_MS)
    }
  })

  it('takes what came while the clock was ahead for something that comes now', () => {
    const error = new TransientError('away', { code: 'test.away' })
    const acceptedAt = base.now + 48 * HOUR
    const decision = decide({ ...base, error, acceptedAt, attempts: 5, retryFor: 1_000 })
    expect(decision).toMatchObject({ action: 'retry', at: base.now + 1_000 })
  })

  it('waits for the operator', () => {
    const error = new OperatorNeededError('token', { code: 'test.token' })
    expect(decide({ ...base, error }).action).toBe('retry')
  })

  it.each([
    new PermanentError('no', { code: 'test.no' }),
    new OutcomeUnknownError('lost', { code: 'test.lost' }),
  ])('never repeats what may not be repeated (%s)', (error) => {
    expect(decide({ ...base, error })).toEqual({ action: 'fail', error })
  })

  it('retries a surprise, because a late message beats a lost one', () => {
    expect(decide({ ...base, error: new TypeError('oops') }).action).toBe('retry')
  })

  it('waits no longer than asked, however often it failed', () => {
    const error = new RateLimitedError('slow down', { code: 'test.429', waitMs: 5_000 })
    expect(decide({ ...base, error, attempts: 12 })).toEqual({
      action: 'retry',
      at: base.now + 5_000,
      refusals: 0,
    })
  })

  it('gives an entry that had to wait for days a few attempts of its own', () => {
    const now = base.acceptedAt + 100 * HOUR
    const late = { ...base, error: transient, now }
    expect(decide({ ...late, attempts: 0 })).toEqual({
      action: 'retry',
      at: now + 1_000,
      refusals: 0,
    })
    expect(decide({ ...late, attempts: 1 })).toEqual({
      action: 'retry',
      at: now + 2_000,
      refusals: 0,
    })
    expect(decide({ ...late, attempts: 2 })).toEqual({ action: 'fail', error: transient })
  })

  it('gives up when retryFor is over, with one last attempt exactly then', () => {
    const nearEnd = base.acceptedAt + 72 * HOUR - 5_000
    expect(decide({ ...base, error: transient, attempts: 20, now: nearEnd })).toEqual({
      action: 'retry',
      at: base.acceptedAt + 72 * HOUR,
      refusals: 0,
    })
    const end = base.acceptedAt + 72 * HOUR
    expect(decide({ ...base, error: transient, attempts: 21, now: end })).toEqual({
      action: 'fail',
      error: transient,
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

  describe('a message that alone is refused', () => {
    const refused = new TransientError('broken', { code: 'chatwoot.server_error' })
    const alone = { ...base, error: refused, othersGetAcross: true }

    it('is given up after ten times, with the reason and its code', () => {
      expect(decide({ ...alone, attempts: 8, refusals: 8 })).toMatchObject({ refusals: 9 })
      const decision = decide({ ...alone, attempts: 9, refusals: 9 })
      expect(decision).toMatchObject({
        action: 'fail',
        error: { code: 'chatwoot.server_error', cause: refused },
      })
      expect(decision.action === 'fail' && decision.error).toBeInstanceOf(PermanentError)
    })

    it('is tried again within half a minute, since there is no outage to wait for', () => {
      expect(decide({ ...alone, attempts: 7 })).toMatchObject({ at: base.now + 30_000 })
    })

    it.each([
      ['while nothing gets across', { othersGetAcross: false }],
      ['by a limit', { error: new RateLimitedError('x', { code: 'chatwoot.x', waitMs: 1 }) }],
      ['since the session is down', { error: new SessionDownError('x', { code: 'wasender.x' }) }],
      ['for an operator', { error: new OperatorNeededError('x', { code: 'chatwoot.x' }) }],
      ['by Redis', { error: new TransientError('x', { code: 'store.redis_failed' }) }],
      ['by a file', { error: new TransientError('x', { code: 'media.unavailable' }) }],
    ])('is not counted %s', (_, given) => {
      expect(decide({ ...alone, ...given, attempts: 30, refusals: 9 })).toMatchObject({
        action: 'retry',
        refusals: 9,
      })
    })

    it('is counted when the bridge itself stumbles over it', () => {
      const error = new TypeError('oops')
      expect(decide({ ...alone, error, refusals: 9 })).toMatchObject({
        action: 'fail',
        error: { code: 'bridge.unexpected', cause: error },
      })
    })
  })
})
