import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../src/accounts/account.ts'
import { createSessionProtection } from '../../src/bridge/holds/session-protection.ts'
import { createPace, PROTECTED_MS } from '../../src/bridge/outbound/pace.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { Lane } from '../../src/queue/entry.ts'
import { useRedis } from '../support/use-redis.ts'

const SALES = 'sales' as AccountId
const SENDS = 'wc:pace:sales:sends'
const DAY = 86_400_000
let redis: Redis

useRedis((given) => {
  redis = given
})
beforeEach(() => redis.flushall())

/** Every process has one, on the Redis they share. */
const pace = () => createPace({ redis, prefix: 'wc:' })
const account = (option: 'auto' | number, more = {}) =>
  ({ id: SALES, options: { pace: option }, ...more }) as unknown as Account
const lane = (n: number): Lane => ({ direction: 'out', account: SALES, key: `chat-${n}` })
const spaced = account(10_000)

/** As if so much time had passed since everything that was told. */
async function passes(ms: number): Promise<void> {
  for (const field of ['last', 'pause', 'seen']) await redis.hincrby(SENDS, field, -ms)
}

/** How long each has to wait, as seen within the last seconds of a slow machine. */
async function waits(lanes: number[], by = spaced): Promise<number[]> {
  const found: number[] = []
  for (const n of lanes) found.push(await pace().pass(by, lane(n)))
  return found
}

const about = (ms: number) =>
  expect.toSatisfy((wait: number) => wait > ms - 5_000 && wait <= 1.01 * ms)

describe('the sends of a session', () => {
  it('leave one by one, in the order in which their turns were asked for', async () => {
    expect(await waits([1, 2, 3])).toEqual([0, about(10_000), about(20_000)])
    expect(await waits([3, 2])).toEqual([about(20_000), about(10_000)])
    await passes(10_050)
    expect(await waits([3, 2, 3])).toEqual([about(10_000), 0, about(10_000)])
  })

  it('of two processes that ask at the same time, one leaves', async () => {
    const both = await Promise.all([1, 2, 3, 4, 5].map((n) => pace().pass(spaced, lane(n))))
    expect(both.filter((wait) => wait === 0)).toHaveLength(1)
  })

  it('do not leave together because they all are late', async () => {
    await waits([1, 2, 3, 4, 5])
    await passes(14_000)
    expect(await waits([2, 3, 4, 5])).toEqual([0, about(10_000), about(20_000), about(30_000)])
    await passes(100_000)
    // The others are away: they do not keep this one waiting, and have no turns left of their own.
    expect(await waits([5, 4, 3])).toEqual([0, about(10_000), about(20_000)])
  })

  it('wait no longer than one turn for each that does not come any more', async () => {
    await waits([1, 2, 3])
    await passes(10_050)
    expect(await waits([3])).toEqual([about(10_000)])
    await passes(10_050)
    expect(await waits([3])).toEqual([0])
  })

  it('keep their distance from when the last one really left', async () => {
    await waits([1, 2])
    await passes(8_000)
    await pace().left(SALES)
    expect(await waits([2])).toEqual([about(10_000)])
  })

  it('are paced by account', async () => {
    await waits([1])
    const other = { ...spaced, id: 'support' as AccountId } as Account
    expect(await pace().pass(other, lane(1))).toBe(0)
  })

  it('all wait until a pause is over, the longest that was asked for', async () => {
    await pace().hold(SALES, 30_000)
    await pace().hold(SALES, 3_000)
    expect(await waits([1, 2])).toEqual([about(30_000), about(40_000)])
    await passes(30_000)
    expect(await waits([2, 1])).toEqual([about(10_000), 0])
  })

  it('of a long line are asked about now and then', async () => {
    await pace().hold(SALES, DAY)
    expect(Math.max(...(await waits([1])))).toBeLessThanOrEqual(600_000)
  })

  it.each([
    ['back by two days', -2 * DAY],
    ['back by a moment', -3_000],
    ['ahead by two days', 2 * DAY],
  ])('do not stand still because a clock was set %s', async (_how, ms) => {
    await waits([1])
    await pace().hold(SALES, 12_000)
    await passes(ms)
    expect(Math.max(...(await waits([2])))).toBeLessThanOrEqual(12_000)
    await passes(12_000)
    expect(await waits([2])).toEqual([0])
  })
})

describe('pace: auto', () => {
  const platform = (get: () => Promise<unknown>) => account('auto', { managedSession: { get } })
  /** Asks the platform once; resolves with what went wrong when its answer is noted. */
  async function ask(asked: Account): Promise<unknown[]> {
    const errors: unknown[] = []
    const noted = Promise.withResolvers<void>()
    const noting = (work: Promise<void>) => work.then(noted.resolve, noted.reject)
    const protection = createSessionProtection({
      accounts: [asked],
      pace: {
        learn: (...args) => noting(pace().learn(...args)),
        doubt: (...args) => noting(pace().doubt(...args)),
      },
      onError: (error) => errors.push(error),
    })
    protection.start()
    await noted.promise
    protection.close()
    return errors
  }

  it('is what the session says, whatever was known before', async () => {
    for (const [accountProtection, spacing] of [
      [true, PROTECTED_MS],
      [false, 250],
      [true, PROTECTED_MS],
    ] as const) {
      const asked = platform(async () => ({ accountProtection }))
      expect(await ask(asked)).toEqual([])
      expect(await pace().spacing(asked)).toBe(spacing)
    }
  })

  it('is careful until the platform has answered for the first time', async () => {
    expect(await pace().spacing(platform(async () => {}))).toBe(PROTECTED_MS)
    expect(await pace().spacing(account('auto'))).toBe(250)
  })

  it('is what a 429 taught when the platform cannot say', async () => {
    const mute = platform(async () => {
      throw new Error('no answer')
    })
    expect(await ask(mute)).toHaveLength(1)
    expect(await pace().spacing(mute)).toBe(250)
    await pace().learn(SALES, true)
    await ask(mute)
    expect(await pace().spacing(mute)).toBe(PROTECTED_MS)
  })
})
