import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toMillis } from './fields.ts'

describe('toMillis', () => {
  it.each([
    ['seconds', 1_784_402_765, 1_784_402_765_000],
    ['milliseconds', 1_784_402_765_123, 1_784_402_765_123],
    ['fractional seconds', 1_784_402_765.5, 1_784_402_765_500],
    ['a string of seconds', '1784402765', 1_784_402_765_000],
    ['a string of milliseconds', ' 1784402765123 ', 1_784_402_765_123],
    ['an ISO date', '2023-10-05T12:00:30.000Z', 1_696_507_230_000],
    ['a Long of seconds', { low: 1_784_402_765, high: 0, unsigned: true }, 1_784_402_765_000],
    ['a Long whose low half is negative', { low: -1, high: 0 }, 4_294_967_295_000],
    ['just at the threshold', 1_000_000_000_000, 1_000_000_000_000],
  ])('reads %s', (_name, value, expected) => {
    expect(toMillis(value)).toBe(expected)
  })

  it.each([
    undefined,
    null,
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e14,
    '',
    'soon',
    '-5',
    '1e3',
    '2026-99-99T00:00:00Z',
    true,
    [],
    {},
    { low: '1', high: 0 },
    { low: 1 },
    { low: 1, high: -1 },
  ])('gives nothing for %j', (value) => {
    expect(toMillis(value)).toBeUndefined()
  })

  it('reads every spelling of one second alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }), (seconds) => {
        const expected = seconds * 1000
        const long = (value: number) => ({ low: value | 0, high: Math.floor(value / 2 ** 32) })
        const spellings = [
          seconds,
          expected,
          `${seconds}`,
          `${expected}`,
          long(seconds),
          long(expected),
        ]
        for (const spelling of spellings) expect(toMillis(spelling)).toBe(expected)
      }),
    )
  })
})
