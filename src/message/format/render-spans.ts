import { charAfter, charBefore, isPunctuation, isSpace } from './characters.ts'
import { escapeInline } from './escape-inline.ts'
import type { WhatsAppMark } from './whatsapp-mark.ts'
import { readMarks, type Span } from './whatsapp-marks.ts'

type MarkSpan = Extract<Span, { kind: 'mark' }>

/** Writes one line of WhatsApp text as inline Markdown. */
export function lineToMarkdown(line: string): string {
  return renderSpans(line, readMarks(line))
}

function renderSpans(line: string, spans: readonly Span[]): string {
  return spans.map((span) => renderSpan(line, span)).join('')
}

function renderSpan(line: string, span: Span): string {
  if (span.kind === 'mark') return marks[span.mark](line, span)
  return span.kind === 'text' ? escapeInline(line, span) : line.slice(span.from, span.to)
}

const marks: Readonly<Record<WhatsAppMark, (line: string, span: MarkSpan) => string>> = {
  '*': (line, span) => {
    const [child, ...others] = span.children
    const isBoth = child?.kind === 'mark' && child.mark === '_' && others.length === 0
    // The editor writes bold italic as `***x***` (docs/platforms/chatwoot.md#the-editor).
    return isBoth
      ? `***${renderSpans(line, child.children)}***`
      : `**${renderSpans(line, span.children)}**`
  },
  _: (line, span) => {
    const mark = italicMark(line, span)
    return mark + renderSpans(line, span.children) + mark
  },
  '~': (line, span) => `~~${renderSpans(line, span.children)}~~`,
}

/**
 * `*` as the editor writes it, but `_` next to bold, because `***` in the middle of a text may be
 * read in two ways. `_` in turn means nothing next to a letter or an emoji; next to both, the mark
 * stays a character.
 */
function italicMark(line: string, { from, to, children }: MarkSpan): string {
  const outside = [charBefore(line, from), charAfter(line, to)]
  const last = children.at(-1)
  // A URL that ends in stars would end before them.
  const end = last?.kind === 'literal' ? line.slice(Math.max(last.from, last.to - 8), last.to) : ''
  const inside = [line.charAt(from + 1), line.charAt(to - 2), ...end]
  if (![...outside, ...inside].includes('*')) return '*'
  return outside.every((char) => isSpace(char) || isPunctuation(char)) ? '_' : '\\_'
}
