import { charAfter, charBefore, isLetterOrDigit, isSpace, isWord } from './characters.ts'

/** A stretch of text, `from` inclusive, `to` exclusive, in UTF-16 units. */
export type Range = { from: number; to: number }

const LABEL = '[a-z0-9](?:-?[a-z0-9]){0,62}'
const SCHEME = String.raw`(?<![a-z])[a-z][a-z0-9+.-]{1,20}:\/\/`
const WWW = String.raw`(?<![a-z0-9])www\.`
/** A bare domain counts only with a path, so that `e.g.this` and `file.ext` do not. */
const DOMAIN = String.raw`(?<![a-z0-9@])(?:${LABEL}\.){1,8}[a-z]{2,24}\/`
const ADDRESS = String.raw`(?<![a-z0-9])[a-z0-9](?:[._+-]?[a-z0-9]){0,63}@${LABEL}(?:\.${LABEL}){1,8}`

/**
 * Where a URL starts, or a whole e-mail address. Every repetition is bounded, so that matching
 * stays linear on hostile text.
 */
const STARTS = new RegExp(`(?<url>${SCHEME}|${WWW}|${DOMAIN})|${ADDRESS}`, 'gi')

/**
 * Never part of a URL in running text. Full-width and CJK punctuation end a URL without a space.
 */
const ENDS_URL = /[\s<>"`\\|{}\u3000-\u303f\uff00-\uffef]/

/** Sentence punctuation at the end is not part of a URL. */
const TRAILING = /[.,;:!?&']/
const TAIL = /[.,;:!?&'*_~]/
/** Whose marks stand around a URL. */
type Grammar = 'whatsapp' | 'markdown'

/**
 * What tells which marks are open: runs of them, the end of a paragraph, and what may hold characters that are none,
 * code and in Markdown escapes.
 */
const AROUND_MARKS: Readonly<Record<Grammar, RegExp>> = {
  whatsapp: /(?<!`)`+[^`\n]+`+|\*+|_+|~+|\n[ \t]*\n/g,
  markdown: /(?<!`)`+[^`\n]+`+|\\.|\*+|_+|~+|\n[ \t]*\n/g,
}
/** Runs that are marks: WhatsApp doubles none, and Markdown always doubles the tilde. */
const MARK: Readonly<Record<Grammar, RegExp>> = {
  whatsapp: /^[*_~]$/,
  markdown: /^(?:[*_]|~~)/,
}
const NOTHING_OPEN: ReadonlySet<string> = new Set()

/**
 * Finds URLs and e-mail addresses, whose characters must never be read as marks. Ranges are in
 * order and do not overlap. `](` and an unbalanced `)` end a URL, because in Markdown they belong
 * to the link around it. A mark at its end belongs to it too, unless one is open that it closes.
 */
export function findLiterals(text: string, grammar: Grammar): Range[] {
  const found: Range[] = []
  const openAt = createOpenMarks(text, grammar)
  let end = 0
  STARTS.lastIndex = 0
  for (let match = STARTS.exec(text); match !== null; match = STARTS.exec(text)) {
    const from = match.index
    const after = from + match[0].length
    const open = openAt(end, from)
    end = match.groups?.url === undefined ? after : urlEnd(text, after, open)
    found.push({ from, to: end })
    STARTS.lastIndex = Math.max(after, end)
  }
  return found
}

function urlEnd(text: string, after: number, open: ReadonlySet<string>): number {
  let end = after
  let depth = 0
  for (; end < text.length; end += 1) {
    const char = text.charAt(end)
    if (ENDS_URL.test(char) || text.startsWith('](', end)) break
    if (char === '(') depth += 1
    if (char === ')' && --depth < 0) break
  }
  return endInTail(text, after, end, open)
}

/** Where a URL ends whose last characters are punctuation and marks: before the first mark that is open. */
function endInTail(text: string, after: number, to: number, open: ReadonlySet<string>): number {
  let end = to
  let closer: number | undefined
  for (let at = to - 1; at >= after && TAIL.test(text.charAt(at)); at -= 1) {
    if (open.has(text.charAt(at))) closer = at
    else if (at === end - 1 && TRAILING.test(text.charAt(at))) end = at
  }
  return closer === undefined ? end : endInTail(text, after, closer, NOTHING_OPEN)
}

/** Reads a text in stretches, from the front to the back, and tells which marks are open behind each. */
function createOpenMarks(text: string, grammar: Grammar) {
  const open = new Set<string>()
  return (from: number, to: number): ReadonlySet<string> => {
    for (const { 0: run, index } of text.slice(from, to).matchAll(AROUND_MARKS[grammar])) {
      if (run.startsWith('\n')) open.clear()
      else if (MARK[grammar].test(run)) openOrClose(open, text, { from: from + index, run })
    }
    return open
  }
}

function openOrClose(open: Set<string>, text: string, at: { from: number; run: string }): void {
  const mark = at.run.charAt(0)
  const before = charBefore(text, at.from)
  const after = charAfter(text, at.from + at.run.length)
  if (open.has(mark) && !isSpace(before) && !isWord(after)) open.delete(mark)
  else if (!isWord(before) && !isSpace(after)) open.add(mark)
}

/**
 * What Markdown or the dashboard would give a meaning in the middle of a line: backslashes, mark
 * characters, backticks, `[label](` and `[label]:`, tags, character references, and the
 * replacements of the typographer (`(c)`, `+-`, `--`).
 */
const SPECIAL =
  /\\+|\*+|_+|~{2,}|`+|\](?=[(:])|<(?=[a-z/!?])|&(?=#?\w{1,32};)|\((?=(?:c|r|p|tm)\))|\+(?=-)|-(?=-)/gi

const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]/

type Escape = (run: string, before: string, after: string) => string

/** By first character; all others are always escaped. */
const rules: Readonly<Record<string, Escape>> = {
  '*': (run, before, after) => (isSpace(before) && isSpace(after) ? run : escapeEach(run)),
  _: (run, before, after) => {
    const isInsideWord = isLetterOrDigit(before) && isLetterOrDigit(after)
    return isInsideWord || (isSpace(before) && isSpace(after)) ? run : escapeEach(run)
  },
  // The last backslash of a run needs no escape when what follows cannot be escaped: `C:\path`
  // stays readable.
  '\\': (run, _before, after) =>
    after === '' || ASCII_PUNCTUATION.test(after)
      ? escapeEach(run)
      : `${escapeEach(run.slice(1))}\\`,
}

/**
 * The longest character reference; looking further would read a long line again for every stretch
 * of it.
 */
const LOOKAHEAD = 40

/** Escapes a stretch of a line so that Markdown shows it as it is. */
export function escapeInline(line: string, { from, to }: Range): string {
  const context = line.slice(from, to + LOOKAHEAD)
  let out = ''
  let at = from
  for (const match of context.matchAll(SPECIAL)) {
    const start = from + match.index
    if (start >= to) break
    const run = match[0]
    const rule = rules[run.charAt(0)] ?? escapeEach
    out += line.slice(at, start)
    out += rule(run, charBefore(line, start), charAfter(line, start + run.length))
    at = start + run.length
  }
  return out + line.slice(at, to)
}

function escapeEach(run: string): string {
  return run.replace(/./g, '\\$&')
}

/**
 * Beginnings of a line Markdown would make a block of, each with the place its backslash goes: at
 * the start unless a group `before` says what stays in front of it.
 */
const BLOCK_STARTS: readonly RegExp[] = [
  // Heading, quote, list item.
  /^(?=(?:#{1,6}|[-+*])(?:\s|$)|>)/,
  /^(?<before>\d{1,9})(?=[.)](?:\s|$))/,
  // Underline of a heading, thematic break, the second row of a table.
  /^(?==+\s*$)/,
  /^(?=(?:-[-\s]*|_[_\s]*|\*[*\s]*)$)/,
  /^(?=[|:\s]*-[|:\-\s]*$)/,
]

/**
 * Escapes the start of a line, already escaped inside, so that Markdown begins no block with it.
 */
export function escapeBlockStart(original: string, escaped: string): string {
  if (escaped.startsWith('\\')) return escaped
  for (const pattern of BLOCK_STARTS) {
    const match = pattern.exec(original)
    if (match === null) continue
    const at = match.groups?.before?.length ?? 0
    return `${escaped.slice(0, at)}\\${escaped.slice(at)}`
  }
  return escaped
}
