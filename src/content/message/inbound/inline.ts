import { cutText } from '../../../kernel/text.ts'
import { escapeBlockStart, escapeInline } from '../format/escape.ts'

/** Longer is no name, title or line; what is cut off is marked. */
const LONGEST_LINE = 2_000

/** Longer ones lead nowhere: no browser takes them. */
const LONGEST_ADDRESS = 8_000

/** Controls, and characters that turn the writing direction, with which `gpj.exe` reads as `exe.jpg`. */
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu

/** Words that are no message, such as names and titles, on one line of Markdown: nothing in them is a mark. */
export function plain(words: string): string {
  return escaped(onOneLine(words))
}

/** The same where it begins a line, so that it begins no list or heading either. */
export function plainLine(words: string): string {
  const line = onOneLine(words)
  return escapeBlockStart(line, escaped(line))
}

function onOneLine(words: string): string {
  return cutText(words, LONGEST_LINE).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()
}

function escaped(line: string): string {
  return escapeInline(line, { from: 0, to: line.length })
}

export function bold(words: string): string {
  const line = plain(words)
  return line === '' ? '' : `**${line}**`
}

/** An id, letter by letter, to be copied as it is. */
export function code(id: string): string {
  const line = onOneLine(id).replaceAll('`', '')
  return line === '' ? '' : `\`${line}\``
}

/** A remark of the bridge's own. Its texts hold no marks. */
export function small(words: string): string {
  return `*${words}*`
}

/** Lines below each other; empty and missing ones are left out. */
export function linesOf(...lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined && line !== '').join('\n')
}

/** In an address Markdown would take these for marks, pictures and links; `_` only where a word begins or ends. */
const MARKS_IN_ADDRESS = /[[\]()!*~<>`|\\]|(?<![a-z0-9])_|_(?![a-z0-9])/gi

/**
 * An address as it is, when it is one; anything else would be text that claims to lead somewhere. It holds nothing
 * Markdown gives a meaning, and no name before the host, which reads like one.
 */
export function link(address: string | undefined): string | undefined {
  if (address === undefined || address.length > LONGEST_ADDRESS) return undefined
  const url = /^https?:\/\//i.test(address) ? URL.parse(address) : null
  if (url === null) return undefined
  url.username = ''
  url.password = ''
  const encoded = url.href.replace(MARKS_IN_ADDRESS, percentEncoded)
  return URL.canParse(encoded) ? encoded : undefined
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
