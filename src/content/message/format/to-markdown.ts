import { charAfter, charBefore, INDENT, isPunctuation, isSpace, SEPARATOR } from './characters.ts'
import { escapeBlockStart, escapeInline } from './escape.ts'
import { readMarks, type Span, type WhatsAppMark } from './whatsapp-tokens.ts'

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
