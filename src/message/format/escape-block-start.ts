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
