import { describe, expect, it } from 'vitest'
import { TransientError } from '../kernel/errors.ts'
import { asId, type ConversationId } from '../kernel/ids.ts'
import { FailedAttempt, learnedWith, learning, WaitUntil, withLearned } from './wait-until.ts'

const triedIn = asId<ConversationId>(7)
const away = new TransientError('away', { code: 'test.away' })
const thrown = (work: Promise<unknown>) => work.catch((error: unknown) => error)

describe('what was learned', () => {
  it('travels with a wait, which stays what it was', async () => {
    const wait = new WaitUntil('later', { until: 5, mayBeWoken: true, learned: { looks: 1 } })
    const error = await thrown(learning({ triedIn }, () => Promise.reject(wait)))
    expect(error).toBeInstanceOf(WaitUntil)
    expect(error).toMatchObject({ message: 'later', until: 5, mayBeWoken: true })
    expect(learnedWith(error)).toEqual({ cause: error, learned: { triedIn, looks: 1 } })
  })

  it.each([away, new TypeError('a bug'), 'not even an error'])(
    'travels with a failure, which is still at hand: %s',
    async (cause) => {
      const error = await thrown(learning({ triedIn }, () => Promise.reject(cause)))
      expect(error).toBeInstanceOf(FailedAttempt)
      expect(learnedWith(error)).toEqual({ cause, learned: { triedIn } })
    },
  )

  it('adds up, and the newer counts', () => {
    const inner = withLearned(away, { looks: 2, fileFailures: 1 })
    const both = withLearned(inner, { looks: 1, triedIn })
    expect(learnedWith(both)).toEqual({
      cause: away,
      learned: { looks: 2, fileFailures: 1, triedIn },
    })
  })

  it('is nothing when nothing was thrown with it, and does not touch what succeeds', async () => {
    expect(learnedWith(away)).toEqual({ cause: away, learned: {} })
    expect(await learning({ triedIn }, async () => 'sent')).toBe('sent')
  })
})
