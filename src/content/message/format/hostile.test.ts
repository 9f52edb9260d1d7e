import type { Nodes } from 'mdast'
import { describe, expect, it } from 'vitest'
import { findLiterals } from './literals.ts'
import { protectLiquid } from './protect-liquid.ts'
import { shield } from './shield.ts'
import { splitText } from './split-text.ts'
import { toMarkdown } from './to-markdown.ts'
import { parseMarkdown, toWhatsApp } from './to-whatsapp.ts'

const SIZE = 50_000

function fill(pattern: string): string {
  return pattern.repeat(Math.ceil(SIZE / pattern.length))
}

function stairs(item: string, steps: number): string {
  return Array.from({ length: steps }, (_, step) => ' '.repeat(2 * step) + item).join('\n')
}

/** Texts that make careless parsers quadratic, exponential or overflow the stack. */
const hostile: Record<string, string> = {
  stars: fill('*'),
  underscores: fill('_'),
  openers: fill('*a '),
  closers: fill('a* '),
  nested: `${fill('*a ')}${fill(' a*')}`,
  'mixed openers': fill('*a _b ~~c '),
  brackets: fill('['),
  'nested brackets': `${fill('[')}${fill(']')}`,
  'open links': fill('[a]('),
  images: fill('!['),
  quotes: fill('>'),
  lists: fill('- '),
  'numbered lists': fill('1. '),
  'lists in lists': fill('- a\n  - b\n'),
  'bullets in numbers': fill('1. a\n   - b\n'),
  'quotes in lists': fill('- a\n  > b\n'),
  'quotes in quotes': fill('> a\n> > b\n'),
  'lists in quotes': fill('> - a\n>   - b\n'),
  'many bullets on a line': fill('- - a\n'),
  'empty items': fill('-\n'),
  'loose items': fill('- a\n\n'),
  'short lines': fill('a\n'),
  headings: fill('# a\n'),
  tabs: fill('\t'),
  stairs: stairs('- a', 300),
  backticks: fill('`'),
  'growing backticks': Array.from({ length: 300 }, (_, width) => `${'`'.repeat(width)}a`).join(''),
  fences: fill('```\n'),
  'code blocks': fill('```\na\n```\n'),
  'at signs': fill('a@'),
  addresses: fill('a_b@c.de '),
  dots: fill('a.'),
  dashes: `${fill('-')}x`,
  schemes: fill('http://'),
  'marked URLs': fill('http://a.b/* '),
  parentheses: fill('http://('),
  spaces: `a${fill(' ')}b`,
  'spaces in bold': `**a${fill(' ')}b**`,
  newlines: fill('\n'),
  backslashes: fill('\\'),
  'hard breaks': fill('a\\\n'),
  ampersands: fill('&aaaaaaaa'),
  tags: fill('<a'),
  table: `${fill('|-')}x`,
  braces: fill('{{'),
  accents: `a${fill('\u0301')}`,
  'lone surrogates': fill('\ud83d'),
  'stand-ins': fill('\ufdd0*'),
}
const names = Object.keys(hostile)

describe('hostile texts', () => {
  it.each(names)('%s: both directions and splitting come to an end', (name) => {
    const text = hostile[name]!
    expect(toWhatsApp(text).length).toBeLessThanOrEqual(text.length * 2)
    expect(toMarkdown(text).length).toBeLessThanOrEqual(text.length * 2 + 10)
    expect(protectLiquid(text).length).toBeLessThanOrEqual(text.length * 2)
    expect(splitText(text, 4096).every((piece) => piece.length <= 4096)).toBe(true)
  })
})

function depth(node: Nodes): number {
  const children: readonly Nodes[] = 'children' in node ? node.children : []
  return 1 + children.reduce((deepest, child) => Math.max(deepest, depth(child)), 0)
}

function count(node: Nodes, type: Nodes['type']): number {
  const children: readonly Nodes[] = 'children' in node ? node.children : []
  return children.reduce((sum, child) => sum + count(child, type), node.type === type ? 1 : 0)
}

describe('what bounds the work', () => {
  it.each(['quotes', 'lists', 'numbered lists', 'nested', 'stairs'])(
    '%s: a shallow tree',
    (name) => {
      expect(depth(parseMarkdown(shield(hostile[name]!)))).toBeLessThan(150)
    },
  )

  it('does not parse marks of a paragraph that is all marks, but does in the next', () => {
    const text = `${fill('*a* ')}\n\n**b**`
    const tree = parseMarkdown(shield(text))
    expect(count(tree, 'emphasis')).toBe(0)
    expect(count(tree, 'strong')).toBe(1)
    expect(toWhatsApp(text).endsWith('\n\n*b*')).toBe(true)
  })

  it('sends a paragraph that is all marks as it was typed', () => {
    expect(toWhatsApp(hostile.stars!)).toBe(hostile.stars)
    expect(toWhatsApp(hostile.nested!)).toBe(hostile.nested)
    expect(toWhatsApp(hostile.brackets!)).toBe(hostile.brackets)
  })

  it('keeps the marks of long lists, and their signs as they were typed', () => {
    const list = '- a\n  - b\n'.repeat(400)
    expect(toWhatsApp(`${list}- **c**`)).toBe(`${list}- *c*`)
  })

  it('sends what is all lines as it was typed, without the backslashes of old editors', () => {
    expect(toWhatsApp('**a**\\\n'.repeat(2_000))).toBe('**a**\n'.repeat(2_000).trimEnd())
  })

  it('finds each literal once', () => {
    expect(findLiterals(hostile['marked URLs']!, 'whatsapp').length).toBe(
      Math.ceil(SIZE / 'http://a.b/* '.length),
    )
  })
})
