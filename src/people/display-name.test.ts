import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../test/support/any-character.ts'
import { displayName } from './contacts.ts'

describe('displayName', () => {
  it.each([
    ['Maria Example', 'Maria Example'],
    ['A\u0000B\u0007\nC', 'A B C'],
    ['\u202eeliforP\u202c', 'eliforP'],
    ['\u2066Ana\u2069', 'Ana'],
    ['🌸🌸', '🌸🌸'],
    ['👩‍🔧 Fix', '👩‍🔧 Fix'],
    ['<b>Bob</b> & Co', '<b>Bob</b> & Co'],
    ['محمد', 'محمد'],
    ['  two\u00a0 words ', 'two words'],
    ['.', undefined],
    ['\u200b', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('makes of %j %j', (given, shown) => {
    expect(displayName(given)).toBe(shown)
  })

  it('is one visible line of at most 255 characters, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 700 }), (given) => {
        const name = displayName(given)
        if (name === undefined) return
        expect(name).not.toMatch(/[\p{Cc}\u2028\u202a-\u202e\u2066-\u2069]/u)
        expect(name.length).toBeLessThanOrEqual(255)
        expect(displayName(name)).toBe(name)
      }),
    )
  })
})
