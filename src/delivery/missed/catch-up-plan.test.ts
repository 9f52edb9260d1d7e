import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Account } from '../../account.ts'
import { TransientError } from '../../errors.ts'
import type { Swept } from './catch-up.ts'
import { createCatchUp } from './catch-up-plan.ts'

const MINUTE = 60_000
const NOTHING: Swept = { queued: 0 }
const sales = { id: 'sales', options: { catchUp: { every: 5 * MINUTE } } } as unknown as Account

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp(sweep: () => Promise<Swept>) {
  const swept = vi.fn(sweep)
  const failed = vi.fn()
  const found = vi.fn()
  const catchUp = createCatchUp({
    accounts: [sales],
    sweep: swept,
    clock: { now: () => Date.now() },
    onFailed: failed,
    onFound: found,
  })
  return { catchUp, swept, failed, found }
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

  it('goes on as usual when only some conversations could not be read, and tells of both', async () => {
    const failure = new TransientError('one of many', { code: 'chatwoot.not_looked_through' })
    const { catchUp, swept, failed, found } = setUp(async () => ({ queued: 2, failure }))
    catchUp.start()
    await vi.advanceTimersByTimeAsync(4 * MINUTE)
    expect(swept).toHaveBeenCalledTimes(1)
    expect(failed).toHaveBeenCalledWith(sales, failure)
    expect(found).toHaveBeenCalledWith(sales, 2)
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(swept).toHaveBeenCalledTimes(2)
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
