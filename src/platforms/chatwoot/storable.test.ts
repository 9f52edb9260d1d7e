import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../test/support/any-character.ts'
import { storable } from './api/api.ts'

describe('storable', () => {
  it.each([
    ['\ud83d', '\ufffd'],
    ['a\udc00b', 'a\ufffdb'],
    ['a\0b', 'a\ufffdb'],
    ['a\ufffe\uffff', 'a\ufffd\ufffd'],
    ['😀', '😀'],
  ])('%j becomes %j, wherever it stands', (text, clean) => {
    expect(storable(text)).toBe(clean)
    expect(storable({ [text]: [{ x: text }, 1, null, undefined] })).toEqual({
      [clean]: [{ x: clean }, 1, null, undefined],
    })
  })

  it('leaves what it made as it is, and files alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(storable(storable(text))).toBe(storable(text))
      }),
    )
    const file = new Blob(['x'])
    expect(storable({ file }).file).toBe(file)
  })
})
