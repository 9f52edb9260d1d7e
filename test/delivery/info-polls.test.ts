import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { Account } from '../../src/accounts/account.ts'
import { type AskInfo, createInfoPolls } from '../../src/bridge/sends/ask-info.ts'
import { type AccountId, asId, type MsgId } from '../../src/kernel/ids.ts'
import type { OutboundLink } from '../../src/state/store/types.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const SALES = asId<AccountId>('sales')
const SUPPORT = asId<AccountId>('support')
/** More than the slots of both accounts together. */
const MANY = 80
let server: TestRedis

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.stop())
beforeEach(async () => {
  const redis = new Redis(server.url)
  await redis.flushall()
  redis.disconnect()
})

function start(askInfo: AskInfo) {
  const [redis, blockingRedis] = [0, 1].map(
    () => new Redis(server.url, { maxRetriesPerRequest: null }),
  ) as [Redis, Redis]
  const errors: unknown[] = []
  const accounts = [SALES, SUPPORT].map((id) => [id, { id } as Account] as const)
  const polls = createInfoPolls({
    redis,
    blockingRedis,
    prefix: 'wc:',
    askInfo,
    accounts: new Map(accounts),
    onError: (error) => errors.push(error),
  })
  onTestFinished(async () => {
    await polls.close()
    redis.disconnect()
    blockingRedis.disconnect()
  })
  polls.start()
  return { polls, errors }
}

const link = (account: AccountId, n: number) => ({ account, msgId: asId<MsgId>(n) }) as OutboundLink

it('asks for one account while the gateway of another hangs, and asks that one in time', async () => {
  const hanging = Promise.withResolvers<boolean>()
  const asked: Record<string, Set<number>> = { [SALES]: new Set(), [SUPPORT]: new Set() }
  let underWay = 0
  let most = 0
  const { polls, errors } = start(async ({ id }, msgId) => {
    asked[id]?.add(msgId)
    if (id === SUPPORT) return true
    underWay += 1
    most = Math.max(most, underWay)
    await hanging.promise
    underWay -= 1
    return true
  })
  for (let n = 0; n < MANY; n += 1) await polls.schedule(link(SALES, n))
  await expect.poll(() => underWay).toBeGreaterThan(0)
  await polls.schedule(link(SUPPORT, 1))
  await expect.poll(() => asked[SUPPORT]?.size).toBe(1)
  expect(asked[SALES]?.size).toBe(5)

  hanging.resolve(true)
  await expect.poll(() => asked[SALES]?.size, { timeout: 20_000 }).toBe(MANY)
  expect(most).toBe(5)
  expect(errors).toEqual([])
}, 60_000)

it('ends while questions wait for their turn', async () => {
  const hanging = Promise.withResolvers<boolean>()
  let asked = 0
  const { polls } = start(() => {
    asked += 1
    return hanging.promise
  })
  for (let n = 0; n < 20; n += 1) await polls.schedule(link(SALES, n))
  await expect.poll(() => asked).toBe(5)
  const closed = polls.close()
  hanging.resolve(true)
  await closed
  expect(asked).toBe(5)
}, 30_000)
