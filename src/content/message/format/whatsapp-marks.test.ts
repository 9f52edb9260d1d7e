import { describe, expect, it } from 'vitest'
import { readMarks, type Span } from './to-markdown.ts'

/** Marks as `bold(…)` and the like, to see at a glance what was read. */
function show(line: string, spans: readonly Span[] = readMarks(line)): string {
  const names = { '*': 'bold', _: 'italic', '~': 'strike' }
  return spans
    .map((span) =>
      span.kind === 'mark'
        ? `${names[span.mark]}(${show(line, span.children)})`
        : line.slice(span.from, span.to),
    )
    .join('')
}

describe('readMarks', () => {
  it.each([
    ['*a* _b_ ~c~', 'bold(a) italic(b) strike(c)'],
    ['*_~a~_*', 'bold(italic(strike(a)))'],
    ['*a b*, "_c_"', 'bold(a b), "italic(c)"'],
    ['*a*b*', 'bold(a*b)'],
    ['*a _b* c_', 'bold(a _b) c_'],
    ['* a* *b * *c', '* a* *b * *c'],
    ['a*b*c snake_case_word', 'a*b*c snake_case_word'],
    ['**a** __b__', '**a** __b__'],
    ['*`a*`*', 'bold(`a*`)'],
    ['`*a*` ```*b*```', '`*a*` ```*b*```'],
    ['*https://x.y/*a*', 'bold(https://x.y/*a)'],
    ['😀*a*😀 这*是*重', '😀bold(a)😀 这bold(是)重'],
    // Markdown could not show it: punctuation inside, an emoji outside.
    ['😀*"a"*', '😀*"a"*'],
  ])('%j', (line, expected) => {
    expect(show(line)).toBe(expected)
  })

  it('covers the line without gaps', () => {
    const line = 'x *a _b_* `c` https://x.y *d'
    const spans = readMarks(line)
    expect(spans.map(({ from, to }) => line.slice(from, to)).join('')).toBe(line)
  })
})
