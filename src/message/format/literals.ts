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

/**
 * Sentence punctuation at the end is not part of a URL, nor is a mark: it closes one that began
 * before the URL.
 */
const TRAILING = /[.,;:!?&'*_~]/

/**
 * Finds URLs and e-mail addresses, whose characters must never be read as marks. Ranges are in
 * order and do not overlap. `](` and an unbalanced `)` end a URL, because in Markdown they belong
 * to the link around it.
 */
export function findLiterals(text: string): Range[] {
  const found: Range[] = []
  STARTS.lastIndex = 0
  for (let match = STARTS.exec(text); match !== null; match = STARTS.exec(text)) {
    const from = match.index
    const after = from + match[0].length
    const to = match.groups?.url === undefined ? after : urlEnd(text, after)
    found.push({ from, to })
    STARTS.lastIndex = Math.max(to, after)
  }
  return found
}

function urlEnd(text: string, after: number): number {
  let end = after
  let depth = 0
  for (; end < text.length; end += 1) {
    const char = text.charAt(end)
    if (ENDS_URL.test(char) || text.startsWith('](', end)) break
    if (char === '(') depth += 1
    if (char === ')' && --depth < 0) break
  }
  while (end > after && TRAILING.test(text.charAt(end - 1))) end -= 1
  return end
}
