import { describe, expect, it } from 'vitest'
import { networkCode } from './transport.ts'

const coded = (code: string) => Object.assign(new Error('no'), { code })

describe('the code of a failed request', () => {
  it.each([
    ['its own', coded('EPIPE'), 'EPIPE'],
    [
      'its cause’s',
      new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }),
      'ECONNREFUSED',
    ],
    [
      'the first of several attempts’',
      new TypeError('fetch failed', { cause: new AggregateError([coded('ENETUNREACH')]) }),
      'ENETUNREACH',
    ],
    ['TIMEOUT when time was over', new DOMException('late', 'TimeoutError'), 'TIMEOUT'],
    ['the error’s name when there is none', new TypeError('odd'), 'TypeError'],
    ['UNKNOWN for what is no error', 'odd', 'UNKNOWN'],
  ])('is %s', (_which, error, code) => {
    expect(networkCode(error)).toBe(code)
  })

  it('ends in a circle of causes', () => {
    const error = new Error('round')
    error.cause = error
    expect(networkCode(error)).toBe('Error')
  })
})
