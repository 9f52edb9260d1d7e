import type { Range } from './literals.ts'
import type { WhatsAppMark } from './whatsapp-mark.ts'
import { type MarkToken, type Token, tokenize } from './whatsapp-tokens.ts'

/**
 * A piece of a line; offsets count from the start of the line. A mark's range includes its two
 * characters.
 */
export type Span =
  | (Range & { kind: 'text' | 'literal' })
  | (Range & { kind: 'mark'; mark: WhatsAppMark; children: Span[] })

/**
 * Reads one line by WhatsApp's rules: a mark stands around something that neither starts nor ends
 * with a space, and no letter or digit touches it from outside. The first possible pair wins; marks
 * of different kinds nest.
 */
export function readMarks(line: string): Span[] {
  const tokens = tokenize(line)
  return readRange(tokens, { first: 0, end: tokens.length }, { from: 0, to: line.length }, '')
}

function readRange(
  tokens: readonly Token[],
  indexes: { first: number; end: number },
  range: Range,
  open: string,
): Span[] {
  const spans: Span[] = []
  let at = range.from
  const add = (span: Span) => {
    if (span.from > at) spans.push({ kind: 'text', from: at, to: span.from })
    spans.push(span)
    at = span.to
  }
  for (let index = indexes.first; index < indexes.end; index += 1) {
    const token = tokens[index]
    if (token?.kind === 'literal') add(token)
    if (token?.kind !== 'mark' || !token.opens || open.includes(token.mark)) continue
    const closer = token.closer < indexes.end ? tokens[token.closer] : undefined
    if (closer?.kind !== 'mark') continue
    add(readMark(tokens, token, { index, closer }, open))
    index = token.closer
  }
  if (at < range.to) spans.push({ kind: 'text', from: at, to: range.to })
  return spans
}

function readMark(
  tokens: readonly Token[],
  opener: MarkToken,
  { index, closer }: { index: number; closer: MarkToken },
  open: string,
): Span {
  const inside = { from: opener.to, to: closer.from }
  const indexes = { first: index + 1, end: opener.closer }
  const children = readRange(tokens, indexes, inside, open + opener.mark)
  return { kind: 'mark', mark: opener.mark, from: opener.from, to: closer.to, children }
}
