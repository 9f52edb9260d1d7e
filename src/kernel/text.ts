import { crc32 } from 'node:zlib'

/** Where a cut looks for the end of the character a reader sees; longer ones are cut. */
const LOOK_BACK = 64
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** A text of at most `most` UTF-16 units: cut between two characters, with `mark` where something is missing. */
export function cutText(text: string, most: number, mark = '…'): string {
  if (text.length <= most) return text
  const room = most - mark.length
  const from = Math.max(0, room - LOOK_BACK)
  const at = graphemes.segment(text.slice(from, room + LOOK_BACK)).containing(room - from)?.index
  // Without a border in sight, as with a letter under a hundred accents, at least no character is halved.
  const kept = at === undefined || at === 0 ? text.slice(0, room) : text.slice(0, from + at)
  return `${kept.toWellFormed().replace(/\ufffd$/, '')}${mark}`
}

/** What a terminal obeys instead of showing it, and what changes how the text around it reads. Joiners make emoji. */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu

/** The colours this program writes itself (picocolors). */
const ESCAPE = '\u001b'
const COLOUR = new RegExp(`${ESCAPE}\\[(?:[012]|22|3[1-79]|90)m`, 'g')

/**
 * A text from outside as it may stand on a terminal, on one line: escape sequences, line breaks and the like are written out
 * as `\u{1b}`, so that nothing is hidden, moved or made up by them.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, writtenOut)
}

/** The same for a text of ours that outside texts may be part of: its lines and colours stay. */
export function visibleLines(text: string): string {
  const lines = text.split('\n').map((line) => {
    const colours = line.match(COLOUR) ?? []
    return line
      .split(COLOUR)
      .map((part, index) => visible(part) + (colours[index] ?? ''))
      .join('')
  })
  return lines.join('\n')
}

function writtenOut(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** Eight hex digits that differ when anything in the text was changed by accident. */
export function checksum(text: string | Uint8Array): string {
  return crc32(text).toString(16).padStart(8, '0')
}

/** What a text of JSON says; `undefined` when it is none. The parser's own message would quote what somebody wrote. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
