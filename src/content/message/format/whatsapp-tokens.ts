import {
  charAfter,
  charBefore,
  isPunctuation,
  isPunctuationAnywhere,
  isSpace,
  isWord,
} from './characters.ts'
import { findLiterals, type Range } from './literals.ts'

/**
 * A mark character outside literals. `closer` is the index of the token that would close it, or -1.
 */
type MarkToken = Range & {
  kind: 'mark'
  mark: WhatsAppMark
  opens: boolean
  closes: boolean
  closer: number
}
type Token = MarkToken | (Range & { kind: 'literal' })

const MARK = /[*_~]/g
const NONE = -1

/** The mark characters and literals of one line, in order. All else is text. */
function tokenize(line: string): Token[] {
  const literals = whatsappLiterals(line)
  const starts = [0, ...literals.map(({ to }) => to)]
  const tokens = starts.flatMap((from, index): Token[] => {
    const literal = literals[index]
    const marks = marksBetween(line, from, literal?.from ?? line.length)
    return literal === undefined ? marks : [...marks, { kind: 'literal', ...literal }]
  })
  linkClosers(tokens)
  return tokens
}

function marksBetween(line: string, from: number, to: number): MarkToken[] {
  return Array.from(line.slice(from, to).matchAll(MARK), (match) => {
    const at = from + match.index
    const mark = match[0] as WhatsAppMark
    return { kind: 'mark', mark, from: at, to: at + 1, closer: NONE, ...roles(line, at) }
  })
}

/** Right to left, so that finding every mark's closer costs one pass. */
function linkClosers(tokens: readonly Token[]): void {
  const nearest: Record<WhatsAppMark, number> = { '*': NONE, _: NONE, '~': NONE }
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const token = tokens[index]
    if (token?.kind !== 'mark') continue
    token.closer = nearest[token.mark]
    if (token.closes) nearest[token.mark] = index
  }
}

function roles(line: string, at: number): { opens: boolean; closes: boolean } {
  const before = charBefore(line, at)
  const after = charAfter(line, at + 1)
  const isDoubled = before === line.charAt(at) || after === line.charAt(at)
  return {
    opens: !isDoubled && !isSpace(after) && isMarkBetween(before, after),
    closes: !isDoubled && !isSpace(before) && isMarkBetween(after, before),
  }
}

/**
 * Whether both WhatsApp and every Markdown parser read a mark between these characters. Markdown
 * refuses one between a punctuation mark inside and anything but white space or punctuation
 * outside.
 */
function isMarkBetween(outside: string, inside: string): boolean {
  if (isWord(outside)) return false
  return !isPunctuationAnywhere(inside) || isSpace(outside) || isPunctuation(outside)
}

const INLINE_CODE = /(?<!`)`([^`\n]+)`(?!`)/g
/**
 * Runs of one or two backticks are content here. Each character can match one way only, so this is
 * linear.
 */
const TRIPLE_CODE = /(?<!`)```(?!`)((?:[^`\n]|`{1,2}(?!`))+)```(?!`)/g

/**
 * Stretches of one line WhatsApp reads no marks in: code, URLs, e-mail addresses. In order, not
 * overlapping.
 */
function whatsappLiterals(line: string): Range[] {
  const found = [
    ...findCode(line, INLINE_CODE),
    ...findCode(line, TRIPLE_CODE),
    ...findLiterals(line, 'whatsapp'),
  ]
  const apart: Range[] = []
  for (const range of found.sort((a, b) => a.from - b.from)) {
    if (range.from >= (apart.at(-1)?.to ?? 0)) apart.push(range)
  }
  return apart
}

function findCode(line: string, pattern: RegExp): Range[] {
  return Array.from(line.matchAll(pattern))
    .filter(([, code = '']) => code.trim() !== '')
    .map((match) => ({ from: match.index, to: match.index + match[0].length }))
}

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

/** Marks of WhatsApp: bold, italic, strikethrough. */
export type WhatsAppMark = '*' | '_' | '~'
