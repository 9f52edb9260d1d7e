/** Nobody likes to read longer lines, however wide the window is. */
const WIDEST = 100

/** How wide a terminal is. Absent where there is none, or one that does not say. */
export function columnsOf(stream: NodeJS.WritableStream): number | undefined {
  if (!('columns' in stream) || typeof stream.columns !== 'number') return undefined
  return stream.columns > 0 ? stream.columns : undefined
}

/** How wide the lines of a person's terminal may be. Absent elsewhere, where lines are searched and cut by programs. */
export function widthOf(stream: NodeJS.WritableStream): number | undefined {
  const columns = columnsOf(stream)
  return columns === undefined ? undefined : Math.min(columns, WIDEST)
}

/**
 * Breaks a text between words. Lines after the first begin with `indent` spaces; a word that is longer than a line stays
 * whole, so that an address can be copied.
 */
export function wrap(text: string, width: number | undefined, indent = 0): string {
  if (width === undefined) return text
  const lines: string[] = []
  const [first = '', ...words] = text.split(' ')
  let line = first
  for (const word of words) {
    const longer = `${line} ${word}`
    if (line.trim() === '' || longer.length <= width) {
      line = longer
      continue
    }
    lines.push(line)
    line = `${' '.repeat(indent)}${word}`
  }
  return [...lines, line].join('\n')
}
