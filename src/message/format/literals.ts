/** A stretch of text, `from` inclusive, `to` exclusive, in UTF-16 units. */
export type Range = { from: number; to: number }

/**
 * Where a URL starts (scheme, `www.` or a bare domain with a path), or a whole e-mail address. Every repetition
 * is bounded, so that matching stays linear on hostile text.
 */
const STARTS =
  /(?<url>(?<![a-z])[a-z][a-z0-9+.-]{1,20}:\/\/|(?<![a-z0-9])www\.|(?<![a-z0-9@])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\/)|(?<![a-z0-9])[a-z0-9](?:[._+-]?[a-z0-9]){0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/giu

/** Never part of a URL in running text. Full-width and CJK punctuation end a URL without a space. */
const ENDS_URL = /[\s<>"`\\|{}\u3000-\u303f\uff00-\uffef]/

const TRAILING = /[.,;:!?'*_~]/
const MARKS = '*_~'

/**
 * Finds URLs and e-mail addresses, whose characters must never be read as marks. Ranges are in order and do not
 * overlap. `](` and an unbalanced `)` end a URL, because in Markdown they belong to the link around it.
 */
export function findLiterals(text: string): Range[] {
  const found: Range[] = []
  STARTS.lastIndex = 0
  for (let match = STARTS.exec(text); match !== null; match = STARTS.exec(text)) {
    const from = match.index
    const after = from + match[0].length
    const to = match.groups?.url === undefined ? after : urlEnd(text, from, after)
    found.push({ from, to })
    STARTS.lastIndex = Math.max(to, after)
  }
  return found
}

function urlEnd(text: string, from: number, after: number): number {
  let end = after
  let depth = 0
  for (; end < text.length; end += 1) {
    const char = text.charAt(end)
    if (ENDS_URL.test(char) || text.startsWith('](', end)) break
    if (char === '(') depth += 1
    if (char === ')' && --depth < 0) break
  }
  while (end > after && isTrailing(text, from, end - 1)) end -= 1
  return end
}

/** Sentence punctuation is not part of the URL; a mark character is, unless it may close a mark opened before. */
function isTrailing(text: string, from: number, index: number): boolean {
  const char = text.charAt(index)
  if (!TRAILING.test(char)) return false
  return !MARKS.includes(char) || (from > 0 && text.lastIndexOf(char, from - 1) !== -1)
}
