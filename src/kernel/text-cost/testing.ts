/** Long enough for work that grows with the square to stand out, short enough to try many texts. */
const SHORT = 2_500
const FACTOR = 8
/** Eight times the text costs eight times as much, and 64 times as much when it grows with the square. */
const MOST_GROWTH = 24
const ATTEMPTS = 3

/** A text of at least this length, made of one thing over and over. */
export type TextOf = (length: number) => string

export function repeated(atom: string, { before = '', after = '' } = {}): TextOf {
  return (length) => before + atom.repeat(Math.ceil(length / atom.length)) + after
}

export type Measuring = {
  /** Work that takes less on a short text is not looked at again. */
  worthMs: number
  /** Length of the shorter text. */
  length?: number
}

/**
 * Whether work grows faster than the text it is done on. Both times come from the same moment of the same machine,
 * the best of several, and growth is believed only when it is seen every time: a busy machine must not decide.
 */
export function growsFaster(
  work: (text: string) => void,
  textOf: TextOf,
  { worthMs, length = SHORT }: Measuring,
): boolean {
  const short = textOf(length)
  if (best(1, work, short) < worthMs) return false
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const cost = best(5, work, short)
    if (cost < worthMs) return false
    const limit = cost * MOST_GROWTH
    if (best(3, work, textOf(length * FACTOR), limit) <= limit) return false
  }
  return true
}

/** Best time of several, in milliseconds. Ends early when one is good enough. */
function best(times: number, work: (text: string) => void, text: string, enough = 0): number {
  let found = Number.POSITIVE_INFINITY
  for (let time = 0; time < times && found > enough; time += 1) {
    const started = performance.now()
    work(text)
    found = Math.min(found, performance.now() - started)
  }
  return found
}

/** Characters of every class that readers of text tell apart. */
export const CHARACTERS: readonly string[] = [
  ...'aAzZ09 \t\n\r_-.,;:!?*~`\'"#$%&@/\\|+=<>(){}[]^\0\u00e9\u0301\u200b\u2003漢😀',
  '\r\n',
  '\ud83d',
]
