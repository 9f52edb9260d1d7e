import { ReadableStream } from 'node:stream/web'
import { withoutEnd } from '../../../kernel/without-end.ts'
import { type CardLine, cardText, readCardLines, whatsappDigits } from '../../message/card-lines.ts'
import { type FileStream, limited } from './file-stream.ts'

/** The one person of a card file. */
type Card = { name: string; phone: string }

/**
 * Reads the card of a `.vcf` for a contact message, which takes one name and one number
 * (docs/platforms/wasender.md#sending). Undefined when the file holds none, several, more than is read of one, or one
 * whose number has no country code: that one would lead to a stranger. Further numbers of the card are left out.
 */
export function readCard(text: string): Card | undefined {
  const { lines, isWhole } = readCardLines(text)
  if (!isWhole) return undefined
  const begins = lines.filter(({ name, value }) => name === 'BEGIN' && /^vcard$/i.test(value))
  if (begins.length !== 1) return undefined
  const phones = lines.filter(({ name }) => name === 'TEL')
  const phone = phones.map(whatsappNumber).find(isFound) ?? phones.map(worldNumber).find(isFound)
  return phone === undefined ? undefined : { name: nameOf(lines) ?? phone, phone }
}

const isFound = (value: string | undefined): value is string => value !== undefined

function whatsappNumber(line: CardLine): string | undefined {
  const digits = whatsappDigits(line)
  return digits === undefined ? undefined : `+${digits}`
}

/** A number that is the same all over the world: with `+` or `00` and 7 to 15 digits (E.164). */
function worldNumber({ value }: CardLine): string | undefined {
  const [number = ''] = value.replace(/^tel:/i, '').split(';', 1)
  const written = number.replace(/[^+\d]/g, '')
  const digits = /^(?:\+|00)([1-9]\d{6,14})$/.exec(written)?.[1]
  return digits === undefined ? undefined : `+${digits}`
}

/** Where a name may stand, the best first. */
const NAMES: readonly { field: string; read: (value: string) => string }[] = [
  { field: 'FN', read: (value) => value },
  { field: 'N', read: inReadingOrder },
  { field: 'ORG', read: (value) => withoutEnd(value, ';') },
]

function nameOf(lines: readonly CardLine[]): string | undefined {
  for (const { field, read } of NAMES) {
    const line = lines.find(({ name }) => name === field)
    const found = line === undefined ? '' : read(cardText(line)).trim()
    if (found !== '') return found
  }
  return undefined
}

/** `Family;Given;Middle;Prefix;Suffix` */
function inReadingOrder(value: string): string {
  const [family, given, middle, prefix, suffix] = value.split(';', 5)
  return [prefix, given, middle, family, suffix].filter((part) => part?.trim()).join(' ')
}

/**
 * Reads a `.vcf` whole. `again` is the file to be read once more, for one that holds no card to send.
 *
 * @throws {FileTooLargeError} it is larger than a card is
 */
export async function readCardFile(
  file: FileStream,
  maxBytes: number,
): Promise<{ card: Card | undefined; again: Pick<FileStream, 'body' | 'failure'> }> {
  const chunks: Uint8Array[] = []
  for await (const chunk of limited(file, maxBytes).body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return {
    card: readCard(bytes.toString('utf8')),
    again: { body: ReadableStream.from([bytes]), failure: () => undefined },
  }
}
