/** The one person of a card file. */
export type Card = { name: string; phone: string }

type Line = { name: string; params: string; value: string }

/**
 * Reads the card of a `.vcf` for a contact message, which takes one name and one number (wasender-api.md,
 * section 7.1). Undefined when the file holds none, several, or one whose number has no country code:
 * that one would lead to a stranger. Further numbers of the card are left out.
 */
export function readCard(text: string): Card | undefined {
  const lines = unfold(text).flatMap(parseLine)
  const begins = lines.filter(({ name, value }) => name === 'BEGIN' && /^vcard$/i.test(value))
  if (begins.length !== 1) return undefined
  const phones = lines.filter(({ name }) => name === 'TEL')
  const phone = phones.map(whatsappNumber).find(isFound) ?? phones.map(worldNumber).find(isFound)
  return phone === undefined ? undefined : { name: nameOf(lines) ?? phone, phone }
}

const isFound = (value: string | undefined): value is string => value !== undefined

/** A line that starts with white space goes on from the one before. */
function unfold(text: string): string[] {
  return (
    text
      .replace(/^\ufeff/, '')
      // Quoted-printable lines of old phones end in "=" instead.
      .replace(/=\r?\n(?=[^\r\n:]*(?:\r?\n|$))/g, '')
      .replace(/\r?\n[ \t]/g, '')
      .split(/\r?\n/)
  )
}

/** `item1.TEL;TYPE=CELL:+1…`: group, name, parameters, value. */
function parseLine(line: string): Line[] {
  const [, name, params, value] = /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/.exec(line) ?? []
  if (name === undefined || params === undefined || value === undefined) return []
  return [{ name: name.toUpperCase(), params, value: value.trim() }]
}

/** WhatsApp's own cards carry the number once more, in the parameter `waid`. */
function whatsappNumber({ params }: Line): string | undefined {
  const digits = /;waid=(\d+)/i.exec(params)?.[1]
  return digits === undefined ? undefined : `+${digits}`
}

/** A number that is the same all over the world: with `+` or `00` and 7 to 15 digits (E.164). */
function worldNumber({ value }: Line): string | undefined {
  const written = value
    .replace(/^tel:/i, '')
    .replace(/;.*$/, '')
    .replace(/[^+\d]/g, '')
  const digits = /^(?:\+|00)([1-9]\d{6,14})$/.exec(written)?.[1]
  return digits === undefined ? undefined : `+${digits}`
}

/** Where a name may stand, the best first. */
const NAMES: readonly { field: string; read: (value: string) => string }[] = [
  { field: 'FN', read: (value) => value },
  { field: 'N', read: inReadingOrder },
  { field: 'ORG', read: (value) => value.replace(/;+$/, '') },
]

function nameOf(lines: readonly Line[]): string | undefined {
  const found = NAMES.map(({ field, read }) => {
    const line = lines.find(({ name }) => name === field)
    return line === undefined ? '' : read(plain(line)).trim()
  })
  return found.find((name) => name !== '')
}

/** `Family;Given;Middle;Prefix;Suffix` */
function inReadingOrder(value: string): string {
  const [family, given, middle, prefix, suffix] = value.split(';')
  return [prefix, given, middle, family, suffix].filter((part) => part?.trim()).join(' ')
}

function plain({ params, value }: Line): string {
  const text = /quoted-printable/i.test(params) ? fromQuotedPrintable(value) : value
  return text
    .replace(/\\n/gi, ' ')
    .replace(/\\([\\,;:])/g, '$1')
    .trim()
}

function fromQuotedPrintable(value: string): string {
  const bytes = value.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
