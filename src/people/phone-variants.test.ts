import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSameNumber, variantsOf } from './people.ts'

describe('variantsOf', () => {
  it.each([
    ['Brazil, nine given', '5511987654321', '551187654321'],
    ['Brazil, nine missing', '551187654321', '5511987654321'],
    ['Brazil, a number whose own first digit is 9', '553191234567', '5531991234567'],
    ['Mexico, one given', '5215512345678', '525512345678'],
    ['Mexico, one missing', '525512345678', '5215512345678'],
    ['Argentina, nine given', '5491123456789', '541123456789'],
    ['Argentina, nine missing', '541123456789', '5491123456789'],
  ])('%s', (_, given, other) => {
    expect(variantsOf(given)).toEqual([given, other])
  })

  it.each([
    ['a Brazilian landline', '551133334444'],
    ['a Brazilian mobile number without its area code', '55987654321'],
    ['no Brazilian area code', '5501987654321'],
    ['a Mexican number that is too short', '52551234567'],
    ['a Mexican number that is too long', '52155123456789'],
    ['North America', '15550001111'],
    ['Germany', '4915112345678'],
    ['a LID that begins like Brazil', '551198765432100'],
    ['nothing', ''],
  ])('leaves %s alone', (_, digits) => {
    expect(variantsOf(digits)).toEqual([digits])
  })
})

/** Digits that often, but not always, are a number of one of the countries. */
const digits = fc
  .tuple(
    fc.constantFrom('', '55', '551', '5511', '5511 9', '52', '521', '54', '549', '1', '49'),
    fc.stringMatching(/^\d{0,14}$/),
  )
  .map(([head, tail]) => `${head.replace(' ', '')}${tail}`.slice(0, 15))

describe('spellings of a number', () => {
  it('are symmetric, the same set whichever is given, and differ by one digit', () => {
    fc.assert(
      fc.property(digits, (number) => {
        const all = variantsOf(number)
        expect(all[0]).toBe(number)
        for (const each of all) {
          expect(new Set(variantsOf(each))).toEqual(new Set(all))
          expect(Math.abs(each.length - number.length)).toBeLessThanOrEqual(1)
        }
        expect(new Set(all).size).toBe(all.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('exist in three countries only', () => {
    fc.assert(
      fc.property(digits, (number) => {
        if (!/^5[245]/.test(number)) expect(variantsOf(number)).toEqual([number])
      }),
    )
  })

  it('make numbers equal exactly when they share a spelling', () => {
    fc.assert(
      fc.property(digits, digits, (one, other) => {
        const shared = variantsOf(one).some((each) => variantsOf(other).includes(each))
        expect(isSameNumber(one, other)).toBe(shared)
        expect(isSameNumber(other, one)).toBe(shared)
      }),
    )
  })
})
