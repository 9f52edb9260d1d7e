import { parseInline } from './inline.js'

const FENCE = /```(?:[\w-]*\n)?([\s\S]+?)\n?```/g

/** Kinds of lines: neighbouring lines of one kind belong together. */
const LINES = [
  { kind: 'blockquote', start: /^> ?/ },
  { kind: 'ul', start: /^[-*•] +/ },
  { kind: 'ol', start: /^\d{1,3}[.)] +/ },
]

/** How the lines of one kind become a piece. */
const MAKE = {
  blockquote: (lines, inline) => ({ tag: 'blockquote', children: inline(lines.join('\n')) }),
  ul: list('ul'),
  ol: list('ol'),
  p: (lines, inline) => ({ tag: 'p', children: inline(lines.join('\n')) }),
}

function list(tag) {
  return (lines, inline) => ({
    tag,
    children: lines.map((line) => ({ tag: 'li', children: inline(line) })),
  })
}

/**
 * Splits a text into code, quotes, lists and paragraphs, each with its marks.
 *
 * @param {string} text
 * @param {readonly import('./inline.js').Rule[]} rules
 * @returns {import('./inline.js').Piece[]}
 */
export function parseBlocks(text, rules) {
  // Splitting by a pattern with one group gives text and code in turns.
  return text.split(FENCE).flatMap((part, index) => {
    if (index % 2 === 1) return [{ tag: 'pre', children: [part] }]
    return groups(part).map(({ kind, lines }) =>
      MAKE[kind](lines, (line) => parseInline(line, rules)),
    )
  })
}

function groups(text) {
  const found = []
  for (const line of text.split('\n')) {
    const { kind, content } = lineOf(line)
    const last = found.at(-1)
    if (kind === 'gap') found.push({ kind, lines: [] })
    else if (last?.kind === kind) last.lines.push(content)
    else found.push({ kind, lines: [content] })
  }
  return found.filter(({ kind }) => kind !== 'gap')
}

function lineOf(line) {
  if (line.trim() === '') return { kind: 'gap', content: '' }
  const special = LINES.find(({ start }) => start.test(line))
  if (special === undefined) return { kind: 'p', content: line }
  return { kind: special.kind, content: line.replace(special.start, '') }
}
