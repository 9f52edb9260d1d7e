import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMarkdown } from './markdown.js'
import { parseWhatsapp } from './whatsapp.js'

type Piece = string | { tag: string; href?: string; children: Piece[] }

/** Pieces as a short text: `strong(…)`, with links as `a[address](…)`. */
function sketch(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece
      const href = piece.href === undefined ? '' : `[${piece.href}]`
      return `${piece.tag}${href}(${sketch(piece.children)})`
    })
    .join('')
}

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece.children))).join('')

describe('parseWhatsapp', () => {
  it.each([
    ['plain', 'p(plain)'],
    ['*bold* _it_ ~no~', 'p(strong(bold) em(it) s(no))'],
    ['*_both_*', 'p(strong(em(both)))'],
    ['2*3*4 and snake_case_name', 'p(2*3*4 and snake_case_name)'],
    ['* no * _ no _', 'ul(li(no * _ no _))'],
    ['`a *b*`', 'p(code(a *b*))'],
    ['```\nx = *1*\n```', 'pre(x = *1*)'],
    ['> one\n> two\nthree', 'blockquote(onebr()two)p(three)'],
    ['- a\n- b\n\n1. c', 'ul(li(a)li(b))ol(li(c))'],
    ['see https://a.test/x_y_z.', 'p(see a[https://a.test/x_y_z](https://a.test/x_y_z).)'],
    ['<b>*x*</b>', 'p(<b>strong(x)</b>)'],
  ])('reads %j', (text, expected) => {
    expect(sketch(parseWhatsapp(text))).toBe(expected)
  })
})

describe('parseMarkdown', () => {
  it.each([
    ['**bold** *it* _it_ ~~no~~', 'p(strong(bold) em(it) em(it) s(no))'],
    ['***both***', 'p(strong(em(both)))'],
    ['**a *b* c**', 'p(strong(a em(b) c))'],
    [String.raw`\*not\* \_this\_`, 'p(*not* _this_)'],
    [String.raw`**a\*b**`, 'p(strong(a*b))'],
    ['one\\\ntwo\nthree', 'p(onebr()twobr()three)'],
    ['``a ` b``', 'p(code(a ` b))'],
    ['[site](https://a.test)', 'p(a[https://a.test](site))'],
    ['[x](javascript:alert)', 'p([x](javascript:alert))'],
    ['a_b_c 2 * 3 * 4', 'p(a_b_c 2 * 3 * 4)'],
  ])('reads %j', (text, expected) => {
    expect(sketch(parseMarkdown(text))).toBe(expected)
  })
})

describe.each([
  ['parseWhatsapp', parseWhatsapp],
  ['parseMarkdown', parseMarkdown],
])('%s of anything', (_name, parse) => {
  const marks = fc.constantFrom(
    '*',
    '**',
    '_',
    '~',
    '~~',
    '`',
    '```',
    '\\',
    '\n',
    '> ',
    '- ',
    'a',
    ' ',
  )
  const text = fc.array(fc.oneof(marks, fc.string({ unit: 'grapheme' })), { maxLength: 30 })

  it('keeps letters and links to nothing but safe addresses', () => {
    fc.assert(
      fc.property(text, (parts) => {
        const source = parts.join('')
        const pieces: Piece[] = parse(source)
        const letters = (value: string) => value.replaceAll(/[^\p{L}]/gu, '')
        // The word after an opening fence names the language of the code.
        if (!source.includes('```')) expect(letters(textOf(pieces))).toBe(letters(source))
        expect(JSON.stringify(pieces)).not.toMatch(/"href":"(?!https?:|mailto:|tel:)/i)
      }),
    )
  })
})
