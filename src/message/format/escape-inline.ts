import { charAfter, charBefore, isLetterOrDigit, isSpace } from './characters.ts'
import type { Range } from './literals.ts'

/**
 * What Markdown or the dashboard would give a meaning in the middle of a line: backslashes, mark characters,
 * backticks, `[label](` and `[label]:`, tags, character references, and the replacements of the typographer
 * (`(c)`, `+-`, `--`).
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
  // The last backslash of a run needs no escape when what follows cannot be escaped: `C:\path` stays readable.
  '\\': (run, _before, after) =>
    after === '' || ASCII_PUNCTUATION.test(after)
      ? escapeEach(run)
      : `${escapeEach(run.slice(1))}\\`,
}

/** Escapes a stretch of a line so that Markdown shows it as it is. */
export function escapeInline(line: string, { from, to }: Range): string {
  let out = ''
  let at = from
  SPECIAL.lastIndex = from
  for (
    let match = SPECIAL.exec(line);
    match !== null && match.index < to;
    match = SPECIAL.exec(line)
  ) {
    const run = match[0]
    const end = match.index + run.length
    const rule = rules[run.charAt(0)] ?? escapeEach
    out += line.slice(at, match.index)
    out += rule(run, charBefore(line, match.index), charAfter(line, end))
    at = end
  }
  return out + line.slice(at, to)
}

function escapeEach(run: string): string {
  return run.replace(/./g, '\\$&')
}
