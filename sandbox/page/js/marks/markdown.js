import { parseBlocks } from './blocks.js'
import { around, COMMON, verbatim } from './inline.js'

/** Only addresses a helpdesk would make a link of; `javascript:` is none. */
const SAFE = /^(https?:|mailto:|tel:)/i

function link(match, parse) {
  const [source, label, href] = match
  return SAFE.test(href) ? { tag: 'a', href, children: parse(label) } : source
}

const RULES = [
  { pattern: /\\([!-/:-@[-`{-~])/g, make: (match) => match[1] },
  { pattern: /(`+)(.+?)\1(?!`)/g, make: verbatim('code') },
  { pattern: /\[([^\]\n]+)\]\(([^\s)]+)\)/g, make: link },
  COMMON.link,
  { pattern: /\*\*(?=\S)((?:\\.|[^\\])*?[^\s\\])\*\*(?!\*)/g, make: around('strong') },
  { pattern: /(?<!\w)__(?=\S)((?:\\.|[^\\])*?[^\s\\])__(?!\w)/g, make: around('strong') },
  { pattern: /\*(?=[^\s*])((?:\\.|\*\*|[^\\*])*?[^\s\\*])\*(?!\*)/g, make: around('em') },
  { pattern: /(?<!\w)_(?=[^\s_])((?:\\.|[^\\_])*?[^\s\\])_(?!\w)/g, make: around('em') },
  { pattern: /~~(?=\S)((?:\\.|[^\\])*?[^\s\\])~~/g, make: around('s') },
  COMMON.lineBreak,
]

/** What a helpdesk shows for a text, e.g. `**bold**`. */
export const parseMarkdown = (text) => parseBlocks(text, RULES)
