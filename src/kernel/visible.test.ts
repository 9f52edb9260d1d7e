import fc from 'fast-check'
import { createColors } from 'picocolors'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../test/support/any-character.ts'
import { visible, visibleLines } from './text.ts'

const ESCAPE = '\u001b'
const COLOUR_OR_LINE = new RegExp(`${ESCAPE}\\[\\d\\d?m|\\n`, 'g')

describe('a text on a terminal', () => {
  it.each([
    ['Sales', 'Sales'],
    ['Zoë 👩‍👩‍👧 Ελλάδα 日本 می‌خواهم', 'Zoë 👩‍👩‍👧 Ελλάδα 日本 می‌خواهم'],
    ['\u001b[2J\u001b]0;pwned\u0007', '\\u{1b}[2J\\u{1b}]0;pwned\\u{7}'],
    ['a\r\nb\tc', 'a\\u{d}\\u{a}b\\u{9}c'],
    ['\u009b2J\u0085', '\\u{9b}2J\\u{85}'],
    ['\u202egpj.exe\u2066', '\\u{202e}gpj.exe\\u{2066}'],
    ['\u2028\u2029\ufeff\u200b\u007f', '\\u{2028}\\u{2029}\\u{feff}\\u{200b}\\u{7f}'],
    ['\ud83d', '\\u{d83d}'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('%j shows what it holds', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('keeps its lines and colours, and no others', () => {
    const paint = createColors(true)
    const ours = `${paint.bold('Sales')}\n${paint.red('failed')} ${paint.dim(paint.cyan('x'))}`
    expect(visibleLines(ours)).toBe(ours)
    const hostile = '\u001b[8mhidden\u001b[2J\u001b[31;5m\u001b[?25l'
    expect(visibleLines(`${ours}${hostile}`)).toBe(`${ours}${visible(hostile)}`)
  })

  it('holds nothing a terminal obeys, whatever it is made of', () => {
    const part = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom('\u001b[', '\u009b', 'm', '31'),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(visible(parts.join(''))).toMatch(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e]*$/u)
        const bare = visibleLines(parts.join('')).replaceAll(COLOUR_OR_LINE, '')
        expect(bare).toMatch(/^[^\p{Cc}]*$/u)
      }),
    )
  })
})
