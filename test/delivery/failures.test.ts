import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRetryFailures } from '../../src/bridge/dead-letters/retry-failures.ts'
import type { Journal } from '../../src/bridge/sends/journal.ts'
import { PermanentError } from '../../src/kernel/errors.ts'
import type { AccountId, ConversationId, MessageId } from '../../src/kernel/ids.ts'
import {
  createFailures,
  type Failure,
  type Failures,
} from '../../src/queue/dead-letters/failures.ts'
import type { Entry, Lane } from '../../src/queue/entry.ts'
import { createLanePositions, type LanePositions } from '../../src/queue/lane-positions.ts'
import { createLanes, type Lanes } from '../../src/queue/lanes.ts'
import type { Store } from '../../src/state/store/types.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const SALES = 'sales' as AccountId
const SUPPORT = 'support' as AccountId
const TRIED_IN = 7 as ConversationId
const refused = new PermanentError('Chatwoot (account sales) refused', { code: 'chatwoot.invalid' })
const inLane: Lane = { direction: 'in', account: SALES, key: 'pn:1' }
const outLane: Lane = { direction: 'out', account: SALES, key: 'pn:1' }
const entry = (id: string, event: unknown = { type: 'message' }): Entry => ({
  id,
  receivedAt: 5,
  event,
  attempts: 3,
})

const written = (id: number) => ({ id, contentAttributes: {} })

let server: TestRedis
let redis: Redis
let lanes: Lanes
let places: LanePositions
let failures: Failures

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
  const options = { redis, prefix: 'wc:' }
  lanes = createLanes(options)
  places = createLanePositions({ ...options, lanes })
  failures = createFailures({ ...options, places })
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})
beforeEach(() => redis.flushall())

const list = (options: Partial<Parameters<Failures['list']>[0]> = {}) =>
  failures.list({ accounts: [SALES, SUPPORT], limit: 10, ...options })
const ids = (found: readonly Failure[]) => found.map(({ id }) => id)

describe('failures', () => {
  it('keep what is needed to try again, and say why, newest first', async () => {
    await failures.add(inLane, entry('1.5'), refused, 10)
    await failures.add(inLane, entry('2.6'), new TypeError('private words'), 20)
    const [newest, oldest] = (await list()).failures
    expect(oldest).toMatchObject({
      code: 'chatwoot.invalid',
      lane: 'in:sales:pn:1',
      entry: entry('1.5'),
    })
    expect(newest).toMatchObject({ code: 'bridge.unexpected', failedAt: 20 })
    expect(JSON.stringify(newest)).not.toContain('private words')
    expect(await failures.count(SALES, 'in')).toBe(2)
    expect(await failures.count(SALES, 'out')).toBe(0)
  })

  it('come in pages, by account and direction', async () => {
    for (const n of [1, 2, 3, 4, 5]) {
      const lane: Lane = { ...inLane, account: n % 2 === 0 ? SUPPORT : SALES }
      await failures.add(lane, entry(`${n}.5`), refused, 10)
    }
    await failures.add(outLane, entry('6.5', written(40)), refused, 10)
    const first = await list({ limit: 4 })
    expect(ids(first.failures)).toEqual(['sales.6.5', 'sales.5.5', 'support.4.5', 'sales.3.5'])
    const rest = await list({ limit: 4, cursor: first.cursor })
    expect(ids(rest.failures)).toEqual(['support.2.5', 'sales.1.5'])
    expect(rest.cursor).toBeUndefined()
    expect(ids((await list({ accounts: [SUPPORT] })).failures)).toHaveLength(2)
    expect(ids((await list({ direction: 'out' })).failures)).toEqual(['sales.6.5'])
  })

  it('count an entry once, however often giving up is repeated', async () => {
    for (const failedAt of [10, 20]) await failures.add(inLane, entry('1.5'), refused, failedAt)
    expect(await failures.count(SALES, 'in')).toBe(1)
    expect((await list()).failures[0]).toMatchObject({ failedAt: 20 })
  })

  it('hold one dead letter for an agent’s message, and forget it by that', async () => {
    await failures.add(outLane, entry('1.5', written(40)), refused, 10)
    await failures.add(outLane, entry('2.6', written(40)), refused, 20)
    expect(ids((await list()).failures)).toEqual(['sales.2.6'])
    await failures.forget(SUPPORT, 40 as MessageId)
    expect(await failures.count(SALES, 'out')).toBe(1)
    await failures.forget(SALES, 40 as MessageId)
    expect(await failures.count(SALES, 'out')).toBe(0)
    expect(await redis.keys('wc:failures:sales*')).toEqual([])
  })

  it('are gone once removed', async () => {
    await failures.add(inLane, entry('1.5'), refused, 10)
    expect(await failures.remove({ id: 'sales.1.5' })).toBe(true)
    expect(await failures.remove({ id: 'sales.1.5' })).toBe(false)
    expect(await failures.get('sales.1.5')).toBeUndefined()
    expect(await failures.get('nonsense')).toBeUndefined()
  })
})

describe('trying again', () => {
  const looked: Lane[] = []
  const journal = { ofMessage: async () => [] } as unknown as Journal
  const retries = () =>
    createRetryFailures({
      failures,
      places,
      journal,
      store: {} as Store,
      clock: { now: () => 99 },
      accounts: new Map(),
      report: async () => {},
      look: async (lane) => void looked.push(lane),
    })
  beforeEach(() => looked.splice(0))

  async function append(lane: Lane, orders: number[]): Promise<Entry[]> {
    await lanes.append(
      orders.map((order) => ({ lane, order, receivedAt: 5, event: written(order) })),
    )
    return lanes.entries(lane)
  }

  async function giveUp(lane: Lane, given: Entry): Promise<void> {
    const failed = { ...given, attempts: 7, notBefore: 1e15, triedIn: TRIED_IN }
    await failures.add(lane, failed, refused, 10)
    await lanes.remove(lane, given.id)
  }

  it('puts an entry back at its place, before what came after it', async () => {
    const [a, b, c] = await append(inLane, [0, 0, 0])
    await giveUp(inLane, b!)
    expect((await lanes.entries(inLane)).map(({ id }) => id)).toEqual([a!.id, c!.id])
    expect(await retries().retry(`sales.${b!.id}`)).toBe(true)
    const back = await lanes.entries(inLane)
    expect(back.map(({ id }) => id)).toEqual([a!.id, b!.id, c!.id])
    expect(back[1]).toEqual({ ...b, attempts: 0, triedIn: TRIED_IN, renewedAt: 99 })
    expect(looked).toEqual([inLane])
    expect(await failures.count(SALES, 'in')).toBe(0)
    expect(await retries().retry(`sales.${b!.id}`)).toBe(false)
  })

  it('keeps the order of agents’ messages, which is that of their ids', async () => {
    const waiting = await append(outLane, [30, 10, 20])
    expect(waiting.map(({ event }) => event)).toEqual([10, 20, 30].map(written))
    for (const each of [waiting[1]!, waiting[0]!]) await giveUp(outLane, each)
    expect(await retries().retryAll({ accounts: [SALES] })).toBe(2)
    expect((await lanes.entries(outLane)).map(({ event }) => event)).toEqual(
      [10, 20, 30].map(written),
    )
    const [count] = (await lanes.waiting([SALES])).filter(({ direction }) => direction === 'out')
    expect(count).toMatchObject({ count: 3, oldest: 5 })
  })

  it('does nothing twice when a crash left the entry in both places', async () => {
    const [a] = await append(inLane, [0])
    await failures.add(inLane, a!, refused, 10)
    expect(await retries().retryAll({ accounts: [SALES] })).toBe(1)
    expect(await lanes.size(inLane)).toBe(1)
    const [row] = await lanes.waiting([SALES])
    expect(row).toMatchObject({ direction: 'in', count: 1 })
  })

  it('of all looks at the filter', async () => {
    const [a] = await append(inLane, [0])
    const [b] = await append(outLane, [10])
    await giveUp(inLane, a!)
    await giveUp(outLane, b!)
    expect(await retries().retryAll({ accounts: [SALES], direction: 'out' })).toBe(1)
    expect(await retries().discard(`sales.${a!.id}`)).toBe(true)
    expect(await lanes.size(inLane)).toBe(0)
    expect(await lanes.size(outLane)).toBe(1)
    expect((await list()).failures).toEqual([])
  })
})

describe('places', () => {
  it('tell which orders are taken', async () => {
    const orders = [10, 20, 30]
    await lanes.append(orders.map((order) => ({ lane: outLane, order, receivedAt: 5, event: {} })))
    expect(await places.isTaken(outLane, 20)).toBe(true)
    expect(await places.isTaken(outLane, 21)).toBe(false)
    expect(await places.isTaken({ ...outLane, key: 'lid:1' }, 20)).toBe(false)
    expect(await places.isTakenAnywhere(SALES, 20)).toBe(true)
    expect(await places.isTakenAnywhere(SALES, 21)).toBe(false)
    expect(await places.isTakenAnywhere(SUPPORT, 20)).toBe(false)
    const [first] = await lanes.entries(outLane)
    expect(await places.orderOf(outLane, first!.id)).toBe(10)
    expect(await places.orderOf(inLane, first!.id)).toBeUndefined()
  })
})
