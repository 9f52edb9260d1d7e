import {
  charAfter,
  charBefore,
  INDENT,
  isPunctuation,
  isPunctuationAnywhere,
  isSpace,
  isWord,
  SEPARATOR,
} from './characters.ts'
import { escapeBlockStart, escapeInline, findLiterals, type Range } from './literals.ts'

const FENCE = '```'
const TAB_WIDTH = 4

/**
 * Turns a WhatsApp text into Markdown that Chatwoot's dashboard (markdown-it; line breaks kept, links detected, HTML
 * escaped, docs/platforms/chatwoot.md#the-editor) shows the way WhatsApp shows the text. What WhatsApp shows as typed
 * but Markdown would format is escaped. URLs, e-mail addresses and code are never changed.
 *
 * `toWhatsApp(toMarkdown(text))` is `text` again, except that `* item` becomes `- item`, fences of a code block over
 * several lines get lines of their own, indentation becomes plain spaces and white space at line ends goes. Never
 * throws. For messages Chatwoot treats as outgoing, apply `protectLiquid` to the result.
 */
export function toMarkdown(whatsapp: string): string {
  return splitCodeBlocks(whatsapp.replace(/\r\n?/g, '\n'))
    .map(({ kind, text }) =>
      kind === 'code' ? `${FENCE}\n${text}\n${FENCE}` : proseToMarkdown(text),
    )
    .join('\n')
    .trimEnd()
}

function proseToMarkdown(text: string): string {
  let out = ''
  let before: Line | undefined
  let lastNumber: number | undefined
  for (const source of text.split('\n')) {
    const line = readLine(source.trimEnd(), before, lastNumber)
    if (before !== undefined) out += leavesBlock(before, line) ? SEPARATOR : '\n'
    out += writeLine(line)
    if (line.kind !== 'blank') lastNumber = line.kind === 'numbered' ? line.number : undefined
    before = line
  }
  return out
}

/** Whether Markdown would take `line` for a part of the quote or list right above it. */
function leavesBlock(before: Line, line: Line): boolean {
  if (before.kind === 'blank' || before.kind === 'text') return false
  return line.kind !== 'blank' && line.kind !== before.kind
}

function writeLine(line: Line): string {
  switch (line.kind) {
    case 'blank':
      return ''
    case 'text':
      return writeContent(line.content)
    case 'quote':
      return `> ${writeContent(line.content)}`
    case 'bullet':
      return `- ${writeContent(line.content)}`
    case 'numbered':
      return `${line.number}. ${writeContent(line.content)}`
  }
}

function writeContent(content: string): string {
  const indent = /^[ \t]*/.exec(content)?.[0] ?? ''
  const text = content.slice(indent.length)
  const escaped = lineToMarkdown(text)
  if (indent === '') return escapeBlockStart(text, escaped)
  const columns = Array.from(indent, (char) => (char === '\t' ? TAB_WIDTH : 1))
  return INDENT.repeat(columns.reduce((sum, width) => sum + width, 0)) + escaped
}

/** A WhatsApp text, cut into stretches of lines and the code blocks between them. */
type Segment = { kind: 'prose' | 'code'; text: string }

const FENCED = /```([\s\S]+?)```/g
const REST_OF_LINE = /^[ \t]*\n?/

/**
 * Finds code blocks, which are triple backticks with a line break between them, anywhere on a line.
 * Segments are whole lines and hold no fences: joining them needs a line break between each two.
 * (Triple backticks within one line are inline code to Markdown too.)
 */
export function splitCodeBlocks(text: string): Segment[] {
  const segments: Segment[] = []
  let at = 0
  for (const match of text.matchAll(FENCED)) {
    const code = match[1] ?? ''
    if (!code.includes('\n') || code.trim() === '') continue
    segments.push(...proseBefore(text.slice(at, match.index), segments.length > 0))
    segments.push({ kind: 'code', text: code.replace(/^\n/, '').replace(/\n$/, '') })
    at = match.index + match[0].length
  }
  const rest = text.slice(at)
  if (segments.length === 0) return [{ kind: 'prose', text }]
  if (rest !== '') segments.push({ kind: 'prose', text: rest.replace(REST_OF_LINE, '') })
  return segments
}

/**
 * The lines before a block. Between two blocks, a lone line break or nothing is no line of its own.
 */
function proseBefore(text: string, isAfterCode: boolean): Segment[] {
  const lines = isAfterCode ? text.replace(REST_OF_LINE, '') : text
  if (lines === '') return []
  return [{ kind: 'prose', text: lines.endsWith('\n') ? lines.slice(0, -1) : lines }]
}

type MarkSpan = Extract<Span, { kind: 'mark' }>

/** Writes one line of WhatsApp text as inline Markdown. */
function lineToMarkdown(line: string): string {
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

/**
 * One line of a WhatsApp text outside code blocks. `quote`, `bullet` and `numbered` are what
 * WhatsApp itself shows as such: the marker at the very start, one space, and something after it.
 */
type Line =
  | { kind: 'blank' }
  | { kind: 'text' | 'quote' | 'bullet'; content: string }
  | { kind: 'numbered'; content: string; number: number }

/** Numbers as Markdown keeps them: at most nine digits, no zero in front. */
const NUMBERED = /^(0|[1-9]\d{0,8})\. (?=.*\S)/
const QUOTE = /^> (?=.*\S)/
const BULLET = /^[-*] (?=.*\S)/

/**
 * Reads one line; `before` is the line right above, undefined at the start and below a code block.
 */
function readLine(line: string, before: Line | undefined, lastNumber: number | undefined): Line {
  if (line.trim() === '') return { kind: 'blank' }
  if (QUOTE.test(line)) return { kind: 'quote', content: line.slice(2) }
  if (BULLET.test(line)) return { kind: 'bullet', content: line.slice(2) }
  const number = NUMBERED.exec(line)?.[1]
  if (number !== undefined && startsItem(Number(number), before, lastNumber)) {
    return { kind: 'numbered', number: Number(number), content: line.slice(number.length + 2) }
  }
  return { kind: 'text', content: line }
}

/**
 * Markdown counts by itself and ignores every number but the first, and only 1 starts a list right
 * below text. A number it would not show as written has to stay text.
 */
function startsItem(
  number: number,
  before: Line | undefined,
  lastNumber: number | undefined,
): boolean {
  if (lastNumber !== undefined) return number === lastNumber + 1
  return before?.kind !== 'text' || number === 1
}

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
