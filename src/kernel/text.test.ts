import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../test/support/any-character.ts'
import { cutText } from './text.ts'

describe('cutText', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['ab😀d', 4, 'ab…'],
    ['a👨‍👩‍👧d', 5, 'a…'],
    ['ae\u0301\u0301x', 4, 'a…'],
  ])('cuts %j to %i units', (text, most, cut) => {
    expect(cutText(text, most)).toBe(cut)
  })

  it('halves no character, and is never longer than asked for', () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 300 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 200 }), (whole, most) => {
        const cut = cutText(whole, most)
        expect(cut.length).toBeLessThanOrEqual(Math.max(most, 1))
        expect(cut.isWellFormed()).toBe(whole.isWellFormed() || cut.isWellFormed())
      }),
    )
    expect(cutText(`a${'\u0301'.repeat(1000)}`, 100)).toHaveLength(100)
  })
})
