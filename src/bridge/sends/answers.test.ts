import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { useRedis } from '../../../test/support/use-redis.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import { createAnswers, writtenBy } from './echoes.ts'

let redis: Redis
useRedis((given) => {
  redis = given
})

const SALES = 'sales' as AccountId
const SENT = 1_784_402_766_500
const sent = (to: string) => ({ account: SALES, to, sentAt: SENT }) as OutboundLink

describe('an answer', () => {
  it('is what was written to that account under that LID after the send', async () => {
    const answers = createAnswers({ redis, prefix: 'answers:' })
    const link = sent('189975000000001@lid')
    expect(await answers.after(link)).toBe(false)
    await answers.heard(SALES, '189975000000001', SENT - 60_000)
    await answers.heard(SALES, '189975000000002', SENT + 60_000)
    await answers.heard('support' as AccountId, '189975000000001', SENT + 60_000)
    expect(await answers.after(link)).toBe(false)
    await answers.heard(SALES, '189975000000001', SENT + 1)
    await answers.heard(SALES, '189975000000001', SENT - 30_000)
    expect(await answers.after(link)).toBe(true)
    expect(await answers.after(sent('+12025550101'))).toBe(false)
  })

  it.each([
    ['the same second, told before the send', 1_784_402_766_000, SENT - 1, false],
    ['the second before', 1_784_402_765_000, SENT + 5_000, false],
    ['the same second, told after the send', 1_784_402_766_000, SENT + 1, true],
    ['the second after, by a clock that is ahead', 1_784_402_767_000, SENT + 1, true],
    ['an unknown moment, told before', undefined, SENT - 1, false],
    ['an unknown moment, told after', undefined, SENT, true],
  ])('was written in %s', async (_when, at, receivedAt, is) => {
    const answers = createAnswers({ redis, prefix: `answers:${at}:${receivedAt}:` })
    const by = writtenBy({ receivedAt, at })
    await answers.heard(SALES, '189975000000001', by)
    expect(await answers.after(sent('189975000000001@lid'))).toBe(is)
  })
})
