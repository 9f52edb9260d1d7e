import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, it } from 'vitest'
import { useRedis } from '../../test/support/use-redis.ts'
import type { AccountId, ChatId } from '../kernel/ids.ts'
import type { OutboundLink } from '../state/store/types.ts'
import { createLimits } from './limits.ts'

let redis: Redis
useRedis((given) => {
  redis = given
})

const SALES = 'sales' as AccountId
const KIM = 'pn:12025550101' as ChatId
const LOU = 'pn:12025550102' as ChatId
let now: number
let changes: string[]
let prefix = 0
let limits: ReturnType<typeof createLimits>
beforeEach(() => {
  now = 1_784_402_766_000
  changes = []
  prefix += 1
  limits = createLimits({ redis, prefix: `limits-${prefix}:`, clock: { now: () => now } })
  limits.onChange((account) => void changes.push(account))
})

const sent = (chat: ChatId, sentAt: number, more: Partial<OutboundLink> = {}) =>
  ({ account: SALES, chat, sentAt, ...more }) as OutboundLink

describe('a limit of WhatsApp', () => {
  it('lasts from its first refusal, and is told once', async () => {
    await limits.refused(SALES, '463', KIM)
    now += 1_000
    await limits.refused(SALES, '463', LOU)
    expect(await limits.of(SALES)).toEqual([{ code: '463', since: now - 1_000, lastAt: now }])
    expect(await limits.of('support' as AccountId)).toEqual([])
    expect(changes).toEqual(['sales'])
  })

  it('is over when something written later arrives in a chat that was refused', async () => {
    await limits.refused(SALES, '463', KIM)
    await limits.passed(sent(KIM, now - 1))
    await limits.passed(sent(LOU, now + 1))
    const refusals = [{ to: '+12025550101', why: 'limit' }] as const
    await limits.passed(sent(KIM, now + 1, { refusals }))
    expect(await limits.of(SALES)).toHaveLength(1)
    await limits.passed(sent(KIM, now + 1))
    expect(await limits.of(SALES)).toEqual([])
    expect(changes).toEqual(['sales', 'sales'])
  })

  it('is over when nothing met it for a day, and keeps no number', async () => {
    await limits.refused(SALES, '475', KIM)
    const [key = ''] = await redis.keys(`limits-${prefix}:*`)
    expect(await redis.pttl(key)).toBeGreaterThan(86_000_000)
    expect(`${key}${await redis.get(key)}`).not.toContain('2025550101')
  })
})
