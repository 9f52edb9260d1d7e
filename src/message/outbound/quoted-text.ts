import { cutText } from '../../cut-text.ts'
import { toWhatsApp } from '../format/to-whatsapp.ts'
import type { ShownQuote } from './agent-message.ts'

/** Enough to know which message is meant. */
const MAX_LINES = 4
const MAX_CHARACTERS = 240
/** More cannot show, whatever marks and links are in it. */
const LONGEST_READ = 2_000

/**
 * A quote in words, ending with a line break: WhatsApp shows lines that begin with `> ` as a quote. For messages that
 * did not go through the API, since only those can be quoted natively (docs/platforms/wasender.md#in-short).
 */
export function quotedText({ text, author }: ShownQuote): string {
  const lines = shortened(toWhatsApp(cutText(text, LONGEST_READ)))
    .split('\n')
    .filter((line) => line.trim() !== '')
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines
  const all = author === undefined || author === '' ? shown : [`*${author}*`, ...shown]
  return all.map((line) => `> ${line}\n`).join('')
}

/** Cuts between whole characters; a surrogate cut in two would show as a box. */
function shortened(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= MAX_CHARACTERS) return text
  return `${characters.slice(0, MAX_CHARACTERS).join('').trimEnd()}…`
}
