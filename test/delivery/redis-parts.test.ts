import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDedupe } from '../../src/bridge/inbound/dedupe.ts'
import { createLastLanes } from '../../src/bridge/intake/out-lane.ts'
import { createEarlyReceipts } from '../../src/bridge/sends/receipts.ts'
import type { AccountId, ConversationId, KeyId } from '../../src/kernel/ids.ts'
import { useRedis } from '../support/use-redis.ts'

const SALES = 'sales' as AccountId
const KEY = '3EB0F00D' as KeyId
let redis: Redis

useRedis((given) => {
  redis = given
})
beforeEach(() => redis.flushall())

describe('claims', () => {
  const claimant = (entryId: string, account = SALES) => ({ account, keyId: KEY, entryId })
  const conversation = (id: number) => id as ConversationId

  it('go to the first, are known to it again, and are taken for all others', async () => {
    const claims = createDedupe({ redis, prefix: 'wc:' })
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => claims.claim(claimant(`entry-${n}`), conversation(7))),
    )
    const standings = results.map(({ standing }) => standing)
    expect(standings.filter((standing) => standing === 'mine')).toHaveLength(1)
    expect(standings.filter((standing) => standing === 'taken')).toHaveLength(49)
    const winner = claimant(`entry-${standings.indexOf('mine')}`)
    expect(await claims.claim(winner, undefined)).toMatchObject({ standing: 'again' })
  })

  it('are per account', async () => {
    const claims = createDedupe({ redis, prefix: 'wc:' })
    const both = [SALES, 'support' as AccountId].map((account) => claimant('a', account))
    for (const each of both) {
      expect(await claims.claim(each, undefined)).toMatchObject({ standing: 'mine' })
    }
  })

  it('know the conversation that was written into, whichever is the chat’s by now', async () => {
    const claims = createDedupe({ redis, prefix: 'wc:' })
    const mine = claimant('a')
    expect(await claims.claim(mine, undefined)).toEqual({ standing: 'mine' })
    expect((await claims.claim(mine, conversation(7))).conversation).toBe(7)
    await claims.move(mine, conversation(8))
    const again = { standing: 'again', conversation: 8 }
    expect(await claims.claim(mine, conversation(9))).toEqual(again)
    expect(await claims.claim(mine, undefined)).toEqual(again)
  })
})

describe('last lanes', () => {
  it('are remembered per conversation, and known to be old in time', async () => {
    const lastLanes = createLastLanes({ redis, prefix: 'wc:' })
    const conversation = 7 as ConversationId
    expect(await lastLanes.get(SALES, conversation)).toBeUndefined()
    await lastLanes.put(SALES, conversation, 'lid:1')
    expect(await lastLanes.get(SALES, conversation)).toEqual({ key: 'lid:1', isOld: false })
    expect(await lastLanes.get('support' as AccountId, conversation)).toBeUndefined()
    await redis.expire('wc:last-lane:sales:7', 29 * 24 * 3600)
    expect(await lastLanes.get(SALES, conversation)).toEqual({ key: 'lid:1', isOld: true })
  })
})

describe('early receipts', () => {
  it('keep the furthest, in whatever order they come', async () => {
    const early = createEarlyReceipts({ redis, prefix: 'wc:' })
    expect(await early.find(SALES, KEY)).toBeUndefined()
    for (const receipt of ['failed', 'read', 'delivered'] as const) {
      await early.keep(SALES, KEY, { receipt })
    }
    expect(await early.find(SALES, KEY)).toEqual({ receipt: 'read' })
    expect(await early.find('support' as AccountId, KEY)).toBeUndefined()
    const failed = { receipt: 'failed', errorCode: '463' } as const
    await early.keep('support' as AccountId, KEY, failed)
    expect(await early.find('support' as AccountId, KEY)).toEqual(failed)
  })
})
