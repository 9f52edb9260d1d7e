/**
 * One line of a WhatsApp text outside code blocks. `quote`, `bullet` and `numbered` are what
 * WhatsApp itself shows as such: the marker at the very start, one space, and something after it.
 */
export type Line =
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
export function readLine(
  line: string,
  before: Line | undefined,
  lastNumber: number | undefined,
): Line {
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
