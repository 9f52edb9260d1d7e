import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { useRedis } from '../../test/support/use-redis.ts'
import { type AccountId, asId } from '../kernel/ids.ts'
import { createOpenLids, type DueLid, type OpenLids } from './open-lids.ts'

const SALES = asId<AccountId>('sales')
const SUPPORT = asId<AccountId>('support')
const LID = '189975000000143'
const OTHER = '189975000000144'
const HOUR = 3_600_000
const START = 1_784_402_766_500

let redis: Redis
let now = START
let openLids: OpenLids
useRedis((given) => {
  redis = given
})

const make = () =>
  createOpenLids({ redis, prefix: 'lids:', clock: { now: () => now }, random: () => 0.5 })
beforeEach(async () => {
  await redis.flushall()
  now = START
  openLids = make()
})

async function due(): Promise<DueLid> {
  const taken = await openLids.take(SALES)
  if (taken === undefined) throw new Error('Nobody is due')
  return taken
}

describe('an open LID', () => {
  it('is due after longer and longer, and at the end every four weeks', async () => {
    await openLids.open(SALES, LID)
    const hours: number[] = []
    for (let asked = 0; asked < 10; asked += 1) {
      const next = (await openLids.nextAt(SALES)) ?? Number.NaN
      hours.push((next - now) / HOUR)
      now = next - 1
      expect(await openLids.take(SALES)).toBeUndefined()
      now = next
      await openLids.unanswered(SALES, await due())
      // What is known outlives the process.
      openLids = make()
    }
    expect(hours).toEqual([1, 4, 12, 24, 72, 168, 336, 672, 672, 672])
  })

  it('is taken once, and again when whoever took it has died', async () => {
    await openLids.found(SALES, [LID])
    const taken = await Promise.all([openLids.take(SALES), make().take(SALES)])
    expect(taken.filter((each) => each !== undefined)).toEqual([
      { lid: LID, tries: { asked: 0, at: 0 } },
    ])
    now += HOUR
    expect(await openLids.take(SALES)).toMatchObject({ lid: LID })
  })

  it('is asked for sooner when they write, but not too often', async () => {
    await openLids.open(SALES, LID)
    await openLids.wrote(SALES, LID)
    expect(await openLids.nextAt(SALES)).toBe(START + 5_000)
    now += 5_000
    await openLids.unanswered(SALES, await due())
    await openLids.wrote(SALES, LID)
    expect(await openLids.nextAt(SALES)).toBe(now + 60_000)
    now += HOUR
    await openLids.wrote(SALES, LID)
    await openLids.wrote(SALES, LID)
    // What was due is not put off by another message.
    expect((await openLids.nextAt(SALES)) ?? 0).toBeLessThanOrEqual(now)
  })

  it('goes before all that have been due for long when they write', async () => {
    const many = Array.from(
      { length: 1_000 },
      (_, index) => `1899751${String(index).padStart(8, '0')}`,
    )
    await openLids.found(SALES, many)
    now += HOUR
    await openLids.found(SALES, [LID])
    expect((await due()).lid).toBe(LID)
    expect(await openLids.count(SALES)).toBe(1_001)
  })

  it('stays closed though the answer to a question comes afterwards', async () => {
    await openLids.found(SALES, [LID])
    const taken = await due()
    await openLids.close(SALES, [LID])
    await openLids.unanswered(SALES, taken)
    await openLids.putOff(SALES, taken)
    expect(await openLids.count(SALES)).toBe(0)
    expect(await openLids.nextAt(SALES)).toBeUndefined()
    expect(await redis.keys('lids:*')).toEqual([])
  })

  it('counts no try when it could not be asked for', async () => {
    await openLids.found(SALES, [LID])
    await openLids.putOff(SALES, await due())
    now += HOUR
    expect(await due()).toEqual({ lid: LID, tries: { asked: 0, at: 0 } })
  })

  it('is one account’s alone', async () => {
    await openLids.open(SALES, LID)
    expect(await openLids.count(SUPPORT)).toBe(0)
    expect(await openLids.among(SALES, [OTHER, LID])).toEqual([LID])
    expect(await openLids.among(SUPPORT, [LID])).toEqual([])
    expect(await openLids.among(SALES, [])).toEqual([])
  })

  it('is told to whoever waits for the next one', async () => {
    const told: number[] = []
    openLids.onDue((account, at) => {
      if (account === SALES) told.push(at - now)
    })
    await openLids.open(SALES, LID)
    await openLids.open(SALES, LID)
    await openLids.wrote(SALES, LID)
    expect(told).toEqual([HOUR, 5_000])
  })

  it('does not wait for a moment that a wrong clock has set', async () => {
    await openLids.open(SALES, OTHER)
    now += 20 * 365 * 24 * HOUR
    await openLids.open(SALES, LID)
    await openLids.unanswered(SALES, { lid: LID, tries: { asked: 8, at: now } })
    now = START
    expect(await openLids.nextAt(SALES)).toBe(START)
    expect((await due()).lid).toBe(LID)
    await openLids.wrote(SALES, LID)
    expect(await openLids.nextAt(SALES)).toBeLessThan(START + HOUR)
    await openLids.close(SALES, [LID])
    expect(await openLids.nextAt(SALES)).toBe(START + HOUR)
  })

  it('of another release, or damaged, is one that was never asked for', async () => {
    await openLids.found(SALES, [LID])
    for (const text of ['{"v":2,"asked":7}', 'nonsense', '{"v":1,"asked":-1,"at":0}']) {
      await redis.hset('lids:open-lids:sales:tries', `lid:${LID}`, text)
      expect((await due()).tries).toEqual({ asked: 0, at: 0 })
      now += HOUR
    }
  })
})
