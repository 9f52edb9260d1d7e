/**
 * A piece of text with marks: plain text, or an element with pieces inside. It is data, not markup, so no text of anybody
 * can become HTML.
 *
 * @typedef {string | { tag: string, children: Piece[], href?: string }} Piece
 * @typedef {{ pattern: RegExp, make: (match: RegExpExecArray, parse: (text: string) => Piece[]) => Piece }} Rule
 */

/** An element around the first group, which may hold further marks. */
export const around = (tag) => (match, parse) => ({ tag, children: parse(match[1]) })

/** An element around the last group as it is. */
export const verbatim = (tag) => (match) => ({ tag, children: [match.at(-1)] })

const bareLink = (match) => ({ tag: 'a', href: match[0], children: [match[0]] })

/** Rules of both platforms. Patterns have the flag `g`. */
export const COMMON = {
  lineBreak: { pattern: /\\?\n/g, make: () => ({ tag: 'br', children: [] }) },
  link: { pattern: /\bhttps?:\/\/[^\s<>"]*[^\s<>".,:;!?'*_~)\]]/g, make: bareLink },
}

/**
 * Finds the marks in a text: the leftmost match wins, among several the first rule.
 *
 * @param {string} text
 * @param {readonly Rule[]} rules
 * @returns {Piece[]}
 */
export function parseInline(text, rules) {
  const parse = (inner) => parseInline(inner, rules)
  const pieces = []
  let at = 0
  for (let found = next(text, rules, at); found; found = next(text, rules, at)) {
    const { match, rule } = found
    if (match.index > at) pieces.push(text.slice(at, match.index))
    pieces.push(rule.make(match, parse))
    at = match.index + match[0].length
  }
  if (at < text.length) pieces.push(text.slice(at))
  return pieces
}

/** Matching starts at `at` but sees what is before it, which look-behinds need. */
function next(text, rules, at) {
  let best
  for (const rule of rules) {
    rule.pattern.lastIndex = at
    const match = rule.pattern.exec(text)
    if (match !== null && (best === undefined || match.index < best.match.index))
      best = { match, rule }
  }
  return best
}
