import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitText, WHATSAPP_TEXT_LIMIT } from './split-text.ts'

const FAMILY = '👨‍👩‍👧‍👦'

describe('splitText', () => {
  it.each([
    ['', 10, []],
    ['short', 10, ['short']],
    ['first one\n\nsecond one', 15, ['first one', 'second one']],
    ['first line\nsecond line', 15, ['first line', 'second line']],
    ['One is here. Two is there.', 20, ['One is here.', 'Two is there.']],
    ['one two three', 9, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a\n\nbcdef ghijkl', 12, ['a\n\nbcdef', 'ghijkl']],
    [FAMILY.repeat(3), 25, [FAMILY + FAMILY, FAMILY]],
    ['👍👍👍', 3, ['👍', '👍', '👍']],
    ['👍👍', 1, ['👍', '👍']],
    ['这是第一句。这是第二句。', 8, ['这是第一句。', '这是第二句。']],
    ['  - a\n  - b', 6, ['  - a', '  - b']],
  ])('%j at %i', (text, limit, pieces) => {
    expect(splitText(text, limit)).toEqual(pieces)
  })

  it('closes and opens a code block it splits', () => {
    expect(splitText('see ```\nline one\nline two\nline three\n``` done', 28)).toEqual([
      'see ```\nline one\n```',
      '```\nline two\nline three\n```',
      'done',
    ])
  })

  it('keeps a code block whole that fits into one piece', () => {
    const block = '```\none\n\ntwo\n```'
    expect(splitText(`some words before ${block} after`, 20)).toEqual([
      'some words before',
      block,
      'after',
    ])
  })

  it('has a default', () => {
    const text = 'word '.repeat(2000).trim()
    const pieces = splitText(text)
    expect(pieces.length).toBe(3)
    expect(pieces.every((piece) => piece.length <= WHATSAPP_TEXT_LIMIT)).toBe(true)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses the limit %d', (limit) => {
    expect(() => splitText('text', limit)).toThrow(RangeError)
  })
})

const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom('word', 'a. ', '\n', '\n\n', ' ', '  ', '。', FAMILY, '👍', 'e\u0301', '`'),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join('').replace(/`{3,}/g, '``'))
const RUNS = { numRuns: 500 }
const limits = fc.integer({ min: 2, max: 120 })
const visible = (text: string) => text.replace(/\s+/g, '')

describe('splitText, any text', () => {
  it('drops nothing but white space', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        expect(visible(splitText(text, limit).join(''))).toBe(visible(text))
      }),
      RUNS,
    )
  })

  it('gives the text back when the white space of the splits is put back', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        let at = 0
        for (const piece of splitText(text, limit)) {
          const found = text.indexOf(piece, at)
          expect(found).toBeGreaterThanOrEqual(at)
          expect(text.slice(at, found).trim()).toBe('')
          at = found + piece.length
        }
        expect(text.slice(at).trim()).toBe('')
      }),
      RUNS,
    )
  })

  it('keeps to the limit and gives no blank piece', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        for (const piece of splitText(text, limit)) {
          expect(piece.length).toBeLessThanOrEqual(limit)
          expect(piece.trim()).not.toBe('')
        }
      }),
      RUNS,
    )
  })

  it('never cuts a surrogate pair, nor a grapheme that fits', () => {
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
    const graphemes = (text: string) =>
      Array.from(segmenter.segment(text), ({ segment }) => segment).filter(
        (part) => part.trim() !== '',
      )
    fc.assert(
      fc.property(texts, fc.integer({ min: 32, max: 120 }), (text, limit) => {
        const pieces = splitText(text, limit)
        expect(pieces.every((piece) => piece.isWellFormed())).toBe(text.isWellFormed())
        expect(pieces.flatMap(graphemes)).toEqual(graphemes(text))
      }),
      RUNS,
    )
  })

  it('leaves its own pieces alone', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        const pieces = splitText(text, limit)
        expect(pieces.flatMap((piece) => splitText(piece, limit))).toEqual(pieces)
      }),
      RUNS,
    )
  })

  const code = fc
    .array(fc.constantFrom('x = 1\n', '  y\n', '\n', 'long'.repeat(20), ' '), {
      minLength: 1,
      maxLength: 20,
    })
    .map((parts) => `\`\`\`\n${parts.join('')}z\n\`\`\``)

  it('leaves no code block open and loses no code', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(texts, code), { maxLength: 5 }),
        fc.integer({ min: 16, max: 120 }),
        (parts, limit) => {
          const text = parts.join('\n')
          const pieces = splitText(text, limit)
          for (const piece of pieces) {
            expect(piece.length).toBeLessThanOrEqual(limit)
            expect(piece.split('```').length % 2).toBe(1)
          }
          const withoutFences = (value: string) => visible(value).replaceAll('```', '')
          expect(withoutFences(pieces.join(''))).toBe(withoutFences(text))
        },
      ),
      RUNS,
    )
  })
})
