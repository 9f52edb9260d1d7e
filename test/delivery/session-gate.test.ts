import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSessionGate } from '../../src/bridge/holds/session-pauses.ts'
import type { AccountId, ConversationId, MessageId } from '../../src/kernel/ids.ts'
import { useRedis } from '../support/use-redis.ts'

const SALES = 'sales' as AccountId
const SUPPORT = 'support' as AccountId
let redis: Redis

useRedis((given) => {
  redis = given
})
beforeEach(() => redis.flushall())

const waiter = (n: number) => ({ conversation: n as ConversationId, about: (n + 100) as MessageId })

describe('the session gate', () => {
  const gate = (timing = { askEveryMs: 60_000, askFirstMs: 5_000 }) =>
    createSessionGate({ redis, prefix: 'wc:', timing })

  it('is closed for one account, since the first who found it so, in every process', async () => {
    await gate().close(SALES, 5)
    await gate().close(SALES, 9)
    expect(await gate().downSince(SALES)).toBe(5)
    expect(await gate().downSince(SUPPORT)).toBeUndefined()
    expect(await gate().open(SALES, 0)).toBe(true)
    expect(await gate().downSince(SALES)).toBeUndefined()
  })

  it('gives the turn to ask to one at a time, the first after a short while', async () => {
    await gate().close(SALES, 5)
    expect(await gate().turnToAsk(SALES)).toBeGreaterThan(4_000)
    await redis.del('wc:session:sales:asked')
    const turns = await Promise.all(Array.from({ length: 20 }, () => gate().turnToAsk(SALES)))
    expect(turns.filter((wait) => wait === 0)).toHaveLength(1)
    expect(Math.max(...turns)).toBeGreaterThan(50_000)
  })

  it('does not ask every few seconds when the session is up and down again at once', async () => {
    await gate().close(SALES, 5)
    await gate().open(SALES, 0)
    await gate().close(SALES, 6)
    expect(await gate().turnToAsk(SALES)).toBeGreaterThan(50_000)
  })

  it('stays closed while somebody waits who was not told of', async () => {
    await gate().close(SALES, 5)
    await gate().addWaiter(SALES, waiter(1))
    await gate().addWaiter(SALES, { ...waiter(1), about: 999 as MessageId })
    expect(await gate().waiters(SALES)).toEqual([waiter(1)])
    await gate().addWaiter(SALES, waiter(2))
    expect(await gate().open(SALES, 1)).toBe(false)
    expect(await gate().downSince(SALES)).toBe(5)
    expect(await gate().open(SALES, 2)).toBe(true)
    expect(await gate().waiters(SALES)).toEqual([])
    expect(await gate().isWaiter(SALES, waiter(1).conversation)).toBe(false)
  })
})
