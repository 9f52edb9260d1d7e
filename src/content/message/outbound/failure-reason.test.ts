import { describe, expect, it } from 'vitest'
import { PermanentError, SessionDownError } from '../../../kernel/errors.ts'
import { readEnvelope } from '../../../platforms/wasender/api/envelope.ts'
import { type Facts, refusal } from '../../../platforms/wasender/api/refusals.ts'
import { textsOf } from '../../locale/index.ts'
import { failureReason } from './failure-reason.ts'

const texts = textsOf('en')
const facts: Facts = {
  account: 'sales',
  token: 'apiKey',
  tokenHint: '',
  clock: { now: () => 0 },
  answer: { status: 400, headers: new Headers(), body: {} },
  call: { operation: 'send-message', method: 'post', path: 'send-message', effect: 'once' },
  envelope: readEnvelope({}),
}

describe('failureReason', () => {
  it.each(Object.entries(refusal))('has words for what the gateway means by %s', (name, make) => {
    const error = make(facts)
    // The outcome of a lost answer is told by the journal, which knows whether it may have arrived.
    if (name === 'outcomeUnknown') return
    const reason = failureReason(error, texts)
    expect(reason).toBe(texts.failed.byCode[error.code])
    expect(reason).not.toMatch(/HTTP|account sales|accounts\[\]/)
  })

  it.each([
    [{ message: 'Poll options must differ.' }, 'Poll options must differ.'],
    [
      { message: 'x', errors: { imageUrl: ['The file is no image.'] } },
      'imageUrl: The file is no image.',
    ],
  ])('adds what the gateway says to %j', (body, words) => {
    const envelope = readEnvelope(body)
    for (const make of [refusal.invalid, refusal.refused, refusal.notFound]) {
      const error = make({ ...facts, envelope })
      expect(failureReason(error, texts)).toBe(
        `${texts.failed.byCode[error.code]} WasenderAPI says: ${words}`,
      )
    }
    const unauthorized = refusal.unauthorized({ ...facts, envelope })
    expect(failureReason(unauthorized, texts)).not.toContain(words)
  })

  it('shows the bridge’s own words for what has none', () => {
    const error = new PermanentError('The file is gone.', { code: 'media.gone' })
    expect(failureReason(error, texts)).toBe('Not sent: The file is gone.')
  })

  it('never shows the words of an error from outside', () => {
    expect(failureReason(new Error('+15550001111 secret'), texts)).toBe(texts.failed.tooLate)
  })

  it('says that WhatsApp was not connected', () => {
    const error = new SessionDownError('x', { code: 'wasender.not_connected' })
    expect(failureReason(error, texts)).toMatch(/not connected/)
  })
})
