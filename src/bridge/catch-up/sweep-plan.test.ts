import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { OperatorNeededError, TransientError } from '../../kernel/errors.ts'
import type { Swept } from './sweep.ts'
import { createSweepPlan } from './sweep-plan.ts'

const MINUTE = 60_000
const NOTHING: Swept = { queued: 0 }
const sales = { id: 'sales', options: { catchUp: { every: 5 * MINUTE } } } as unknown as Account

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp(sweep: () => Promise<Swept>) {
  const swept = vi.fn(sweep)
  const failed = vi.fn()
  const found = vi.fn()
  const needed = vi.fn()
  const catchUp = createSweepPlan({
    accounts: [sales],
    sweep: swept,
    clock: { now: () => Date.now() },
    onFailed: failed,
    onFound: found,
    onNeeded: needed,
  })
  /** What each sweep looked through. */
  const which = () => swept.mock.calls.map((call: unknown[]) => call[2])
  return { catchUp, swept, failed, found, needed, which }
}

describe('catching up', () => {
  it('happens at once and then regularly', async () => {
    const { catchUp, swept } = setUp(async () => NOTHING)
    catchUp.start()
    expect(swept).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(swept).toHaveBeenCalledTimes(3)
    await catchUp.close()
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(swept).toHaveBeenCalledTimes(3)
  })

  it('follows an outage once, however many failures it had', async () => {
    const { catchUp, swept } = setUp(async () => NOTHING)
    catchUp.start()
    await vi.advanceTimersByTimeAsync(MINUTE)
    for (let n = 0; n < 20; n += 1) catchUp.soon(sales)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(swept).toHaveBeenCalledTimes(2)
    await catchUp.close()
  })

  it('is tried again with growing waits until it succeeds', async () => {
    let away = true
    const { catchUp, swept, failed } = setUp(async () => {
      if (away) throw new Error('away')
      return NOTHING
    })
    catchUp.start()
    await vi.advanceTimersByTimeAsync(5_000 + 15_000 + 60_000)
    expect(swept).toHaveBeenCalledTimes(4)
    expect(failed).toHaveBeenCalledTimes(4)
    // What fails meanwhile does not make it hurry.
    catchUp.soon(sales)
    away = false
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(swept).toHaveBeenCalledTimes(5)
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(swept).toHaveBeenCalledTimes(5)
    await catchUp.close()
  })

  it('asks again soon for what could not be read, tells of both, and for all in its time', async () => {
    const failure = new TransientError('one of many', { code: 'chatwoot.not_looked_through' })
    const { catchUp, failed, found, which } = setUp(async () => ({ queued: 2, failure }))
    catchUp.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(failed).toHaveBeenCalledWith(sales, failure)
    expect(found).toHaveBeenCalledWith(sales, 2)
    await vi.advanceTimersByTimeAsync(4 * MINUTE)
    expect(which()).toEqual(['all', 'rest', 'rest', 'rest', 'rest', 'rest'])
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(which().at(-1)).toBe('all')
    expect(which().filter((each) => each === 'all')).toHaveLength(2)
    await catchUp.close()
  })

  it('follows an outage also while some conversations cannot be read', async () => {
    const failure = new TransientError('one of many', { code: 'chatwoot.not_looked_through' })
    const { catchUp, which } = setUp(async () => ({ queued: 0, failure }))
    catchUp.start()
    await vi.advanceTimersByTimeAsync(MINUTE)
    const before = which().filter((each) => each === 'all').length
    for (let n = 0; n < 20; n += 1) catchUp.soon(sales)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(which().filter((each) => each === 'all')).toHaveLength(before + 1)
    await catchUp.close()
  })

  it('follows an outage that comes while it looks', async () => {
    const finish = Promise.withResolvers<Swept>()
    const { catchUp, which } = setUp(() => finish.promise)
    catchUp.start()
    for (let n = 0; n < 20; n += 1) {
      catchUp.soon(sales)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    finish.resolve({ queued: 0, isLeft: true })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(which().slice(0, 2)).toEqual(['all', 'all'])
    await catchUp.close()
  })

  it('tells that the conversations cannot be listed once that is no passing trouble', async () => {
    const incomplete = new OperatorNeededError('no list', { code: 'catch_up.list_broken' })
    const { catchUp, failed, needed, which } = setUp(async () => ({ queued: 0, incomplete }))
    catchUp.start()
    await vi.advanceTimersByTimeAsync(14_000)
    expect(failed).toHaveBeenCalledWith(sales, incomplete)
    expect(needed).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(needed).toHaveBeenCalledWith(sales, incomplete)
    await vi.advanceTimersByTimeAsync(4 * MINUTE)
    expect(which()).toEqual(['all', 'all'])
    await catchUp.close()
  })

  it('looks again for what it left to a webhook as soon as that should have come', async () => {
    let left = true
    const { catchUp, which } = setUp(async () => (left ? { queued: 0, isLeft: true } : NOTHING))
    catchUp.start()
    await vi.advanceTimersByTimeAsync(1_000)
    left = false
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(which()).toEqual(['all', 'rest'])
    await catchUp.close()
  })

  it('never runs twice at a time for one account', async () => {
    const finish = Promise.withResolvers<Swept>()
    const { catchUp, swept } = setUp(() => finish.promise)
    catchUp.start()
    await vi.advanceTimersByTimeAsync(20 * MINUTE)
    expect(swept).toHaveBeenCalledTimes(1)
    finish.resolve(NOTHING)
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(swept).toHaveBeenCalledTimes(2)
    await catchUp.close()
  })
})
