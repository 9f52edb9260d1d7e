import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { Direction, Lane } from '../../src/queue/entry.ts'
import { createLanes, type Lanes } from '../../src/queue/lanes.ts'
import { createTurnMarks } from '../../src/queue/turn.ts'
import { createWaitingLanes, type WaitingLanes } from '../../src/queue/waiting-lanes.ts'
import { useRedis } from '../support/use-redis.ts'

const prefix = 'wc:'
const sales = 'sales' as AccountId
const berlin = 'berlin' as AccountId
const lane = (key: string, direction: Direction = 'in', account = sales): Lane => {
  return { direction, account, key }
}
const IN = { account: sales, direction: 'in' } as const

let redis: Redis
let lanes: Lanes
let waiting: WaitingLanes
useRedis((given) => {
  redis = given
})
beforeEach(async () => {
  await redis.flushall()
  lanes = createLanes({ redis, prefix })
  waiting = createWaitingLanes({ redis, prefix, lanes })
})

const add = (to: Lane, receivedAt: number) =>
  lanes.append([{ lane: to, order: receivedAt, receivedAt, event: { type: 'message' } }])
const keysOf = (found: { lane: Lane }[]) => found.map((each) => each.lane.key)

describe('what waits', () => {
  it('is told by the lanes that wait longest, of all that were asked for', async () => {
    await add(lane('b'), 20)
    await add(lane('c', 'in', berlin), 30)
    await add(lane('a'), 10)
    await add(lane('a'), 40)
    await add(lane('x', 'out'), 5)
    const both = [IN, { account: berlin, direction: 'in' }] as const
    const found = await waiting.oldest(both, 10)
    expect(keysOf(found)).toEqual(['a', 'b', 'c'])
    expect(found[0]).toMatchObject({ entries: 2, oldest: 10, isInHand: false })
    expect(keysOf(await waiting.oldest(both, 2))).toEqual(['a', 'b'])
  })

  it('is paged through in the order of its age', async () => {
    for (let n = 1; n <= 5; n += 1) await add(lane(`chat-${n}`), n)
    expect(keysOf(await waiting.page(IN, 0, 2))).toEqual(['chat-1', 'chat-2'])
    expect(keysOf(await waiting.page(IN, 4, 2))).toEqual(['chat-5'])
    expect(await waiting.page(IN, 5, 2)).toEqual([])
  })

  it('says what the first entry waits for, and what is in hand', async () => {
    await add(lane('a'), 10)
    await add(lane('b'), 20)
    const [first] = await lanes.entries(lane('a'))
    await lanes.save(lane('a'), { ...first!, attempts: 3, notBefore: 999 })
    const marks = createTurnMarks({ redis, prefix, run: 'this', isShared: false })
    await marks.begin(lane('b'), false)
    const [a, b] = await waiting.page(IN, 0, 2)
    expect(a?.head).toMatchObject({ attempts: 3, notBefore: 999 })
    expect(b?.isInHand).toBe(true)
    expect(await waiting.count([IN, { account: berlin, direction: 'in' }])).toEqual([
      { ...IN, lanes: 2, inHand: 1 },
      { account: berlin, direction: 'in', lanes: 0, inHand: 0 },
    ])
  })

  it('shows a lane whose first entry cannot be read', async () => {
    await add(lane('a'), 10)
    const [first] = await lanes.entries(lane('a'))
    await redis.hset('wc:lane:in:sales:a:entries', first!.id, '{')
    expect(await waiting.page(IN, 0, 2)).toEqual([
      { lane: lane('a'), entries: 1, oldest: 10, isInHand: false, head: undefined },
    ])
  })

  it('costs the same with one lane and with very many', async () => {
    const index = 'wc:lanes:in:sales'
    const names = Array.from({ length: 20_000 }, (_, n) => [n + 100, `in:sales:far-${n}`]).flat()
    await add(lane('near'), 1)
    const commands = async () => {
      const count = async () =>
        Number(/total_commands_processed:(\d+)/.exec(await redis.info())![1])
      const before = await count()
      await waiting.oldest([IN], 1)
      await waiting.count([IN])
      return (await count()) - before
    }
    const few = await commands()
    await redis.zadd(index, ...(names as [number, string]))
    expect(await commands()).toBe(few)
  })
})
