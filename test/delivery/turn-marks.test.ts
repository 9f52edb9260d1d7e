import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { Lane } from '../../src/queue/entry.ts'
import { createLanes } from '../../src/queue/lanes.ts'
import { createTurnMarks } from '../../src/queue/turn.ts'
import { createLiving } from '../../src/queue/workers.ts'
import { useRedis } from '../support/use-redis.ts'

const prefix = 'wc:'
const given = {} as { redis: Redis }
useRedis((redis) => {
  given.redis = redis
})
beforeEach(() => given.redis.flushall())

const lane = (key: string): Lane => ({ direction: 'in', account: 'sales' as AccountId, key })
const lanes = () => createLanes({ redis: given.redis, prefix })
const process = (run: string, isShared = false) =>
  createTurnMarks({ redis: given.redis, prefix, run, isShared })

async function add(...keys: string[]): Promise<void> {
  const event = { type: 'message' }
  await lanes().append(keys.map((key) => ({ lane: lane(key), order: 0, receivedAt: 1, event })))
}

/** Processes that each begin these lanes and die. */
async function dieWith(runs: string[], keys: string[], isAlone = true): Promise<void> {
  for (const run of runs) for (const key of keys) await process(run).begin(lane(key), isAlone)
}

async function deaths(key: string) {
  const begun = await process('next').begin(lane(key), true)
  return begun?.is === 'entry' ? begun.died : begun?.is
}

const INNOCENT = { times: 0, isAlone: false, wasBeside: false }

describe('what a process has in hand when it dies', () => {
  it('is counted for each entry, and told whether it was the only one', async () => {
    await add('a', 'b', 'c')
    await dieWith(['1', '2'], ['a', 'b'])
    await dieWith(['3'], ['a'])
    expect(await deaths('a')).toEqual({ times: 3, isAlone: true, wasBeside: true })
    expect(await deaths('b')).toEqual({ times: 2, isAlone: false, wasBeside: true })
    expect(await deaths('c')).toEqual(INNOCENT)
  })

  it('is not begun beside others after two deaths, and so not in hand', async () => {
    await add('a')
    await dieWith(['1', '2'], ['a'])
    expect(await process('3').begin(lane('a'), false)).toMatchObject({ is: 'suspected' })
    expect(await deaths('a')).toEqual({ times: 2, isAlone: true, wasBeside: false })
  })

  it.each([
    ['left as it is', (id: string) => process('2').leave(lane('a'), id)],
    [
      'saved',
      (id: string) => lanes().save(lane('a'), { id, receivedAt: 1, event: {}, attempts: 1 }),
    ],
  ])('is innocent again once it was %s', async (_, end) => {
    await add('a')
    await dieWith(['1'], ['a'])
    const begun = await process('2').begin(lane('a'), true)
    await end(begun?.is === 'entry' ? begun.entry.id : '')
    expect(await deaths('a')).toEqual(INNOCENT)
  })

  it('is not to blame when the process died long after it had begun', async () => {
    await add('a', 'b')
    await dieWith(['1', '2'], ['a', 'b'])
    const third = process('3')
    await third.begin(lane('a'), true)
    await third.outlived()
    expect(await deaths('a')).toMatchObject({ times: 3, isAlone: false })
    await dieWith(['4'], ['b'])
    expect(await deaths('b')).toMatchObject({ times: 3, isAlone: true })
  })

  it('says nothing of the entry that follows', async () => {
    await add('a', 'a')
    await dieWith(['1', '2', '3'], ['a'])
    const begun = await process('4').begin(lane('a'), true)
    await lanes().remove(lane('a'), begun?.is === 'entry' ? begun.entry.id : '')
    expect(await deaths('a')).toEqual(INNOCENT)
  })

  it('is not counted when the process ends in good order, nor by the process itself', async () => {
    await add('a', 'b')
    const orderly = process('1')
    await orderly.begin(lane('a'), false)
    await orderly.begin(lane('a'), false)
    await orderly.leaveAll()
    await orderly.begin(lane('b'), false)
    expect(await deaths('a')).toEqual(INNOCENT)
    expect(await deaths('b')).toEqual(INNOCENT)
  })

  it('tells with the end of a turn whether there is something left to begin', async () => {
    await add('a', 'a')
    const ids = (await lanes().entries(lane('a'))).map(({ id }) => id)
    expect(await lanes().remove(lane('a'), ids[0] ?? '')).toBe(true)
    expect(await lanes().remove(lane('a'), ids[1] ?? '')).toBe(false)
    expect(await lanes().remove(lane('a'), ids[1] ?? '')).toBe(false)
    expect(await given.redis.exists(`${prefix}in-hand`)).toBe(0)
  })

  it('is left to a process that lives, where several share a Redis', async () => {
    await add('a')
    const onError = () => {}
    const living = createLiving({ redis: given.redis, prefix, run: '1', onError })
    await living.start()
    await process('1', true).begin(lane('a'), false)
    expect(await process('2', true).begin(lane('a'), false)).toMatchObject({ died: { times: 0 } })
    living.close()
    await given.redis.del(`${prefix}living:2`, `${prefix}living:1`)
    expect(await process('3', true).begin(lane('a'), false)).toMatchObject({ died: { times: 1 } })
  })
})

describe('an entry that cannot be read', () => {
  const body = async (text: string) => {
    await add('a')
    const [id = ''] = await given.redis.hkeys(`${prefix}lane:in:sales:a:entries`)
    await given.redis.hset(`${prefix}lane:in:sales:a:entries`, id, text)
    return id
  }

  it.each(['', 'x', '[]', '{"receivedAt":1}', '{"v":1,"receivedAt":"x","event":{},"attempts":0}'])(
    'is damaged: %s',
    async (text) => {
      const id = await body(text)
      expect(await process('1').begin(lane('a'), false)).toEqual({ is: 'damaged', id, text })
    },
  )

  it('is left alone when a newer release wrote it', async () => {
    await body('{"v":2,"what":"ever"}')
    expect(await process('1').begin(lane('a'), false)).toMatchObject({ is: 'newer' })
  })

  it('is read when the release before wrote it', async () => {
    await body('{"receivedAt":7,"event":{"type":"message"},"attempts":2,"slot":9,"notBefore":8}')
    expect(await process('1').begin(lane('a'), false)).toMatchObject({
      is: 'entry',
      entry: { receivedAt: 7, attempts: 2, notBefore: 8, event: { type: 'message' } },
    })
  })
})
