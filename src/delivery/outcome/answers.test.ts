import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { useRedis } from '../../../test/support/use-redis.ts'
import type { AccountId } from '../../ids.ts'
import type { OutboundLink } from '../../store/types.ts'
import { createAnswers } from './answers.ts'

let redis: Redis
useRedis((given) => {
  redis = given
})

const SALES = 'sales' as AccountId
const SENT = 1_784_402_766_500
const sent = (to: string) => ({ account: SALES, to, sentAt: SENT }) as OutboundLink

describe('an answer', () => {
  it('is what was written to that account under that LID after the send, by WhatsApp’s seconds', async () => {
    const answers = createAnswers({ redis, prefix: 'answers:' })
    const link = sent('189975000000001@lid')
    expect(await answers.after(link)).toBe(false)
    await answers.heard(SALES, '189975000000001', SENT - 60_000)
    await answers.heard(SALES, '189975000000002', SENT + 60_000)
    await answers.heard('support' as AccountId, '189975000000001', SENT + 60_000)
    expect(await answers.after(link)).toBe(false)
    await answers.heard(SALES, '189975000000001', Math.floor(SENT / 1000) * 1000)
    expect(await answers.after(link)).toBe(true)
    expect(await answers.after(sent('+12025550101'))).toBe(false)
  })
})
