import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { turnParts } from '../../src/bridge/testing/turn-parts.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { Lane } from '../../src/queue/entry.ts'
import { createLaneWorker, type LaneWorker } from '../../src/queue/lane-worker.ts'
import { createLanes, type Lanes } from '../../src/queue/lanes.ts'
import { type Fleet, startFleet } from '../support/fleet.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const HUNG = 'hung' as AccountId
const WELL = 'well' as AccountId
const PER_ACCOUNT = 10

describe('the worker, with one account whose platform hangs', () => {
  let server: TestRedis
  let redis: Redis
  let lanes: Lanes
  let worker: LaneWorker
  let gate: PromiseWithResolvers<void>
  const connections: Redis[] = []
  const handled: Record<AccountId, Set<string>> = {}
  const inHand = new Map<AccountId, number>()
  const most = new Map<AccountId, number>()

  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url, { maxRetriesPerRequest: null })
    lanes = createLanes({ redis, prefix: 'wc:' })
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  beforeEach(async () => {
    await redis.flushall()
    for (const account of [HUNG, WELL]) handled[account] = new Set()
    gate = Promise.withResolvers()
    inHand.clear()
    most.clear()
    connections.push(redis.duplicate(), redis.duplicate())
    const clock = { now: () => Date.now() }
    worker = createLaneWorker({
      direction: 'in',
      lanes,
      clock,
      redis: connections[0] as Redis,
      blockingRedis: connections[1] as Redis,
      prefix: 'wc:',
      perAccount: PER_ACCOUNT,
      accounts: 2,
      exclusive: true,
      onWorkerError: () => {},
    })
    await worker.start({
      ...turnParts({ redis, prefix: 'wc:' }),
      lanes,
      clock,
      retryFor: () => 60_000,
      async handle(_entry, { account, key }) {
        const now = (inHand.get(account) ?? 0) + 1
        inHand.set(account, now)
        most.set(account, Math.max(now, most.get(account) ?? 0))
        if (account === HUNG) await gate.promise
        inHand.set(account, now - 1)
        handled[account]?.add(key)
      },
      giveUp: async () => {},
      onAttemptFailed: () => {},
      onWorkerError: () => {},
    })
  })
  afterEach(async () => {
    gate.resolve()
    await worker.close()
    for (const connection of connections.splice(0)) connection.disconnect()
  })

  async function fill(account: AccountId, count: number): Promise<Lane[]> {
    const filled = Array.from(
      { length: count },
      (_, n): Lane => ({ direction: 'in', account, key: `pn:${n}` }),
    )
    for (let from = 0; from < count; from += 500) {
      const some = filled.slice(from, from + 500)
      await lanes.append(some.map((lane) => ({ lane, order: 0, receivedAt: 1, event: {} })))
    }
    return filled
  }

  it('gives it its own slots and no more, and the other one all of its own', async () => {
    for (const lane of await fill(HUNG, 500)) await worker.schedule(lane)
    await expect.poll(() => inHand.get(HUNG)).toBe(PER_ACCOUNT)
    for (const lane of await fill(WELL, 200)) await worker.schedule(lane)
    await expect.poll(() => handled[WELL]?.size).toBe(200)
    expect(handled[HUNG]?.size).toBe(0)
    expect(most.get(HUNG)).toBe(PER_ACCOUNT)
    expect(most.get(WELL)).toBeLessThanOrEqual(PER_ACCOUNT)
  })

  it('keeps no job per waiting lane of it', async () => {
    for (const lane of await fill(HUNG, PER_ACCOUNT)) await worker.schedule(lane)
    await expect.poll(() => inHand.get(HUNG)).toBe(PER_ACCOUNT)
    for (const lane of await fill(HUNG, 500)) await worker.schedule(lane)
    expect(await redis.llen('wc:bull:lanes-in:wait')).toBe(0)
  })

  it('takes up all that waits once the platform is back, also what it did not remember', async () => {
    for (const lane of await fill(HUNG, 3_000)) await worker.schedule(lane)
    await expect.poll(() => inHand.get(HUNG)).toBe(PER_ACCOUNT)
    gate.resolve()
    await expect.poll(() => handled[HUNG]?.size, { timeout: 25_000 }).toBe(3_000)
    await expect.poll(async () => (await lanes.page('in', HUNG, '0')).lanes).toEqual([])
  })
})

describe('the bridge, with one account whose Chatwoot hangs', () => {
  let fleet: Fleet
  afterEach(() => fleet.close())

  it('delivers for another account meanwhile, and for this one afterwards', async () => {
    fleet = await startFleet({ accounts: 3 })
    const { wasender, accounts } = fleet
    const [sales, , berlin] = accounts
    if (!sales || !berlin) throw new Error('The fleet is too small')
    const say = ({ session }: typeof sales, chat: number, text: string) =>
      wasender
        .person({ phone: `+1555100${1000 + chat}`, name: `Customer ${chat}`, session: session.id })
        .sendText(text)
    const arrived = ({ chatwoot }: typeof sales, text: string) =>
      chatwoot.allMessages().filter(({ content }) => content === text).length

    sales.chatwoot.faults.add({ kind: 'hang' })
    for (let chat = 0; chat < 100; chat += 1) await say(sales, chat, 'held up').delivered
    for (let chat = 0; chat < 20; chat += 1) say(berlin, chat, 'not held up')
    await berlin.chatwoot.waitFor(() => arrived(berlin, 'not held up') === 20, {
      timeoutMs: 20_000,
    })
    expect(arrived(sales, 'held up')).toBe(0)
    sales.chatwoot.faults.clear()
    await sales.chatwoot.waitFor(() => arrived(sales, 'held up') === 100, { timeoutMs: 60_000 })
  }, 90_000)
})
