import fc from 'fast-check'
import type { Nodes } from 'mdast'
import { describe, expect, it } from 'vitest'
import { protectLiquid } from './protect-liquid.ts'
import { shield } from './shield.ts'
import { readMarks, type Span, splitCodeBlocks, toMarkdown } from './to-markdown.ts'
import { parseMarkdown, toWhatsApp } from './to-whatsapp.ts'

const RUNS = { numRuns: 1000 }

const word = fc.constantFrom(
  'a',
  'word',
  'two words',
  'Ünïcode',
  'été',
  '42',
  '字',
  '😀',
  'e\u0301',
)
const literal = fc.constantFrom(
  'https://x.y/_a_/*b*(c)?d=~e~&amp;f',
  'www.x.y/a_b',
  'first_last@x.y',
  'snake_case_word',
  'file_name_with.ext',
)
const arithmetic = fc.constantFrom('2 * 3 * 4', '5*3=15', 'a*b*c', '2**3**4', 'x*y')
const code = fc.constantFrom('`a_b`', '`*x*`', '```~y~ `z` w```', '`{{x}}`', '`[a](b)`')
const marked = fc
  .tuple(fc.constantFrom('*', '_', '~', '*_', '_*', '~*', '*_~'), fc.oneof(word, literal, code))
  .map(([marks, text]) => marks + text + Array.from(marks).reverse().join(''))
const special = fc.constantFrom(
  ...'*_~`>#-+.1()[]!\\<&;:|= @"/',
  ...[
    '**',
    '__',
    '~~',
    '- ',
    '> ',
    '1. ',
    '[x](y)',
    '[x]: y',
    '<b>',
    '&amp;',
    '(c)',
    '--',
    '\\*',
    '{{',
  ],
)

/** Anything a phone can send, marks and Markdown look-alikes included; code blocks are generated apart. */
const anyLine = fc
  .array(fc.oneof(word, literal, arithmetic, code, marked, special, fc.constant(' ')), {
    maxLength: 12,
  })
  .map((parts) => parts.join('').replace(/`{3,}/g, (ticks) => (ticks.length > 3 ? '``' : ticks)))
const block = fc.constantFrom('```\na *b* _c_\n```', '```\n# x\n\n  - y\n```')
const anyText = fc
  .array(fc.oneof({ weight: 8, arbitrary: anyLine }, block), { maxLength: 6 })
  .map((lines) => lines.join('\n'))
  .filter((text) => !hasLooseCodeBlock(text))

/** A block whose fences share a line with other text; those get lines of their own (documented). */
function hasLooseCodeBlock(text: string): boolean {
  const segments = splitCodeBlocks(text).map(({ kind, text: lines }) =>
    kind === 'code' ? `\`\`\`\n${lines}\n\`\`\`` : lines,
  )
  return segments.join('\n') !== text
}

/** What `toMarkdown` documents as changed: bullets, indentation and white space at line ends. */
function normalised(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd().replace(/^\* (?=.*\S)/, '- '))
    .join('\n')
    .trimEnd()
}

/** URLs that end in marks, alone or in marks that are closed behind them, and what else stands on the line. */
const markedUrl = fc
  .tuple(
    fc.constantFrom('', '*', '_', '~', '*_', '_*', '~*', '*_~', '_~*'),
    fc.constantFrom('', 'see ', '字 '),
    fc.constantFrom('x', '_1', 'b_c/d*e*f?x=', '~a'),
    fc.constantFrom('_', '*', '~', '_*', '*~', '__', '~~~'),
  )
  .filter(([marks, , , end]) => !Array.from(marks).some((mark) => end.includes(mark)))
  .map(([marks, before, path, end]) => {
    const url = `https://x.y/${path}${end}`
    return { url, text: marks + before + url + Array.from(marks).reverse().join('') }
  })
const besides = fc.constantFrom('', 'a', '*a*', '_a_ b', '(c)', '5*3', 'a_b', '- ', '🙂')

describe('URLs that end in marks', () => {
  it('stay whole in both directions', () => {
    fc.assert(
      fc.property(besides, markedUrl, besides, (before, { url, text }, after) => {
        const line = `${before} ${text} ${after}`.trim()
        const markdown = toMarkdown(line)
        expect(markdown).toContain(url)
        expect(normalised(toWhatsApp(markdown))).toBe(normalised(line))
      }),
      RUNS,
    )
  })
})

describe('WhatsApp to Markdown and back', () => {
  it('gives the same text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(normalised(toWhatsApp(toMarkdown(text)))).toBe(normalised(text))
      }),
      RUNS,
    )
  })

  it('gives the same text for arbitrary strings on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(text === text.trim())
        expect(normalised(toWhatsApp(toMarkdown(text)))).toBe(normalised(text))
      }),
      RUNS,
    )
  })

  it('is not disturbed by the protection against Liquid', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const protectedText = toWhatsApp(protectLiquid(toMarkdown(text)))
        expect(normalised(protectedText.replaceAll('\u2060', ''))).toBe(normalised(text))
      }),
      RUNS,
    )
  })
})

/** Every visible character with the marks on it; white space and the order of marks do not matter. */
function look(markdown: string): string[] {
  const seen: string[] = []
  const visit = (node: Nodes, marks: readonly string[]): void => {
    if (node.type === 'text' || node.type === 'inlineCode' || node.type === 'code') {
      const name = node.type === 'text' ? marks : [...marks, 'code']
      for (const char of node.value.replace(/\s/g, ''))
        seen.push([char, ...[...name].sort()].join(' '))
      return
    }
    const isMark = node.type === 'strong' || node.type === 'emphasis' || node.type === 'delete'
    const inner =
      isMark || node.type === 'heading' || node.type === 'listItem' ? [...marks, node.type] : marks
    if ('children' in node) for (const child of node.children) visit(child, inner)
  }
  visit(parseMarkdown(shield(markdown)), [])
  return seen
}

/** The same for one line of WhatsApp text. */
function lookOnWhatsApp(line: string): string[] {
  const names = { '*': 'strong', _: 'emphasis', '~': 'delete' }
  const show = (span: Span, marks: readonly string[]): string[] => {
    if (span.kind === 'mark')
      return span.children.flatMap((child) => show(child, [...marks, names[span.mark]]))
    const text = line.slice(span.from, span.to)
    const codeText = span.kind === 'literal' ? /^(`{1,3})(.*)\1$/s.exec(text)?.[2] : undefined
    const all = codeText === undefined ? marks : [...marks, 'code']
    return Array.from((codeText ?? text).replace(/\s/g, ''), (char) =>
      [char, ...[...all].sort()].join(' '),
    )
  }
  return readMarks(line).flatMap((span) => show(span, []))
}

/** The parser sees stand-ins where a literal is shielded; only positions and marks are compared there. */
function withoutShielded(seen: readonly string[]): string[] {
  return seen.map((entry) => entry.replace(/^[*_~&\\\ufdd0-\ufdef]/u, '?'))
}

describe('Markdown of a WhatsApp line', () => {
  it('shows the same characters with the same marks and starts no block', () => {
    const plainLine = anyLine
      .map((line) => line.trim())
      // Next to these, an italic that touches bold cannot be written in Markdown and stays as typed.
      .filter((line) => !/[字😀]/u.test(line) && !/^(?:[-*>]|\d+\.) .*\S/.test(line))
    fc.assert(
      fc.property(plainLine, (line) => {
        expect(withoutShielded(look(toMarkdown(line)))).toEqual(
          withoutShielded(lookOnWhatsApp(line)),
        )
      }),
      RUNS,
    )
  })
})

/** What the editor writes: paragraphs of words, bold, italic or both, with breaks in the old and the new form. */
const editorMarked = fc
  .tuple(
    fc.constantFrom('**', '*', '***', '~~'),
    fc.array(fc.constantFrom('word', 'x1', 'Ü', 'a_b'), { minLength: 1, maxLength: 3 }),
    fc.constantFrom(' ', '\n', '\\\n'),
  )
  .map(([mark, words, gap]) => mark + words.join(gap) + mark)
const editorPart = fc.oneof(
  fc.constantFrom('word', 'Hello,', '2 * 3', '#tag', 'x!'),
  literal,
  editorMarked,
)
const editorParagraph = fc
  .array(fc.tuple(editorPart, fc.constantFrom(' ', ' ', '\n', '\\\n')), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) =>
    parts.map(([part, gap], index) => (index === parts.length - 1 ? part : part + gap)).join(''),
  )
const editorText = fc
  .array(fc.tuple(editorParagraph, fc.constantFrom('\n\n', '\n\n\n')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((paragraphs) => paragraphs.flat().join('').trimEnd())

describe('Markdown of the editor to WhatsApp and back', () => {
  it('looks the same', () => {
    fc.assert(
      fc.property(editorText, (markdown) => {
        expect(look(toMarkdown(toWhatsApp(markdown)))).toEqual(look(markdown))
      }),
      RUNS,
    )
  })

  it('keeps every line break', () => {
    fc.assert(
      fc.property(editorText, (markdown) => {
        const breaks = (text: string) => text.match(/\n+/g)
        expect(breaks(toWhatsApp(markdown))).toEqual(breaks(markdown.replaceAll('\\\n', '\n')))
      }),
      RUNS,
    )
  })

  it('changes nothing more the second time', () => {
    fc.assert(
      fc.property(fc.oneof(editorText, anyText), (markdown) => {
        const once = toMarkdown(toWhatsApp(markdown))
        expect(toMarkdown(toWhatsApp(once))).toBe(once)
      }),
      RUNS,
    )
  })
})

describe('in any surroundings', () => {
  const around = fc
    .array(fc.oneof(word, marked, special), { maxLength: 6 })
    .map((parts) => parts.join('').replaceAll('`', ''))
  const inText = fc.tuple(
    around,
    fc.oneof(literal, arithmetic, fc.constantFrom('`a_b`', '`*x*`')),
    around,
  )

  it('URLs, addresses, code, snake_case and arithmetic reach WhatsApp verbatim', () => {
    fc.assert(
      fc.property(inText, ([before, kept, after]) => {
        expect(toWhatsApp(`${before} ${kept} ${after}`)).toContain(kept)
      }),
      RUNS,
    )
  })

  it('URLs, addresses, code and snake_case reach Chatwoot verbatim, arithmetic visibly so', () => {
    fc.assert(
      fc.property(inText, ([before, kept, after]) => {
        const markdown = toMarkdown(`${before} ${kept} ${after}`)
        expect(markdown.replace(/\\(?=\*)/g, '')).toContain(kept)
        if (!kept.includes('*') || kept.includes('/') || kept.includes('`'))
          expect(markdown).toContain(kept)
      }),
      RUNS,
    )
  })
})
