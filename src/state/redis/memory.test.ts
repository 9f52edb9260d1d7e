import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useRedis } from '../../../test/support/use-redis.ts'
import { type AccountId, asId, type ConversationId, type KeyId } from '../../kernel/ids.ts'
import type { SetAside } from '../set-aside/set-aside.ts'
import { MEMORIES } from './memories.ts'
import { createMemory } from './memory.ts'

const SALES = asId<AccountId>('sales')
const ID = asId<KeyId>('3EB0')
const CHILD = { state: 'used', id: ID, media: { node: 'imageMessage', raw: { a: 1 } } } as never

let redis: Redis
useRedis((given) => {
  redis = given
})

let told: SetAside[]
const state = () => ({ redis, prefix: 'm:', onSetAside: (news: SetAside) => void told.push(news) })
const twin = (shape?: z.ZodType) => createMemory(state(), MEMORIES.twins, shape)(SALES, ID)
const KEY = 'm:twin:sales:3EB0'

beforeEach(async () => {
  told = []
  await redis.flushall()
})

describe('a memory', () => {
  it('keeps JSON with its version, for as long as its kind says', async () => {
    await twin().set(CHILD)
    expect(JSON.parse((await redis.get(KEY)) ?? '')).toEqual({ v: 1, ...(CHILD as object) })
    expect(await twin().get()).toEqual(CHILD)
    expect(await twin().leftMs()).toBeGreaterThan(MEMORIES.twins.keepForMs - 60_000)
  })

  it('is written by the first only where that matters, and says whether it went', async () => {
    const covered = createMemory(state(), MEMORIES.covered)(SALES, asId<ConversationId>(7))
    expect(await covered.exists()).toBe(false)
    expect(await covered.add(5, 60_000)).toBe(true)
    expect(await covered.add(6, 60_000)).toBe(false)
    expect(await covered.get()).toBe(5)
    expect(await covered.leftMs()).toBeGreaterThan(0)
    expect([await covered.remove(), await covered.remove()]).toEqual([true, false])
    expect(await covered.get()).toBeUndefined()
  })

  it('without an end has none', async () => {
    const swept = createMemory(state(), MEMORIES.swept)(SALES)
    await swept.set(5)
    expect(await redis.ttl('m:swept:sales')).toBe(-1)
    await swept.remove()
    await swept.add(6)
    expect(await redis.ttl('m:swept:sales')).toBe(-1)
  })

  it('is read without a version, with more than is known', async () => {
    await redis.set(KEY, JSON.stringify({ ...(CHILD as object), more: [1] }))
    expect(await twin().get()).toEqual({ ...(CHILD as object), more: [1] })
  })

  it('of a newer release is left to it', async () => {
    const text = JSON.stringify({ v: 2, what: 'else' })
    await redis.set(KEY, text)
    expect(await twin().get()).toBeUndefined()
    expect(await redis.get(KEY)).toBe(text)
    expect(told).toEqual([])
  })

  it.each([
    ['that is cut off', '{"v":1,"state":"us', undefined],
    ['without what is needed', '{"v":1,"state":"used"}', undefined],
    ['that is no object', '[]', undefined],
    ['that fails a closer look', JSON.stringify(CHILD), z.looseObject({ more: z.number() })],
  ])('%s is set aside', async (_, text, shape) => {
    await redis.set(KEY, text)
    expect(await twin(shape).get()).toBeUndefined()
    expect(await redis.exists(KEY)).toBe(0)
    expect(await redis.hvals('m:damaged:memory')).toEqual([text])
    expect(told).toEqual([{ what: 'memory', where: MEMORIES.twins.about, count: 1 }])
  })

  it('that is no number is set aside', async () => {
    await redis.set('m:swept:sales', 'soon')
    expect(await createMemory(state(), MEMORIES.swept)(SALES).get()).toBeUndefined()
    expect(told).toHaveLength(1)
  })
})
