import { charAfter, charBefore, isLetterOrDigit, isSpace } from './characters.ts'
import type { Range } from './literals.ts'

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
