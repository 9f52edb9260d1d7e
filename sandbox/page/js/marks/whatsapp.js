import { parseBlocks } from './blocks.js'
import { around, COMMON, verbatim } from './inline.js'

/** A pair of marks around something on one line, not inside a word. */
function pair(mark) {
  const word = `[\\p{L}\\p{N}${mark}]`
  const edge = `[^\\s${mark}]`
  const source = `(?<!${word})[${mark}](?=${edge})([^${mark}\\n]*${edge})[${mark}](?!${word})`
  return new RegExp(source, 'gu')
}

const RULES = [
  { pattern: /`([^`\n]+)`/g, make: verbatim('code') },
  COMMON.link,
  { pattern: pair('*'), make: around('strong') },
  { pattern: pair('_'), make: around('em') },
  { pattern: pair('~'), make: around('s') },
  COMMON.lineBreak,
]

/** What WhatsApp shows for a text, e.g. `*bold*`. */
export const parseWhatsapp = (text) => parseBlocks(text, RULES)
