/** One line of a vCard: `item1.TEL;TYPE=CELL:+1…` is a group, a name, parameters and a value. */
export type CardLine = {
  /** In capitals, without the group. */
  name: string
  /** With the semicolon before each; empty when there are none. */
  params: string
  value: string
}

/** A card of one person has a few dozen lines; a file with more holds many people, or none. */
const MOST_LINES = 2_000
/** Longer values are pictures. What is read of a card are names and numbers. */
const LONGEST_LINE = 4_096

const LINE = /^(?:[^.:;]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/

/** What is read of a vCard file, in any version of the format: folded lines in one piece, long ones cut. */
export function readCardLines(vcard: string): { lines: CardLine[]; isWhole: boolean } {
  const lines = unfolded(vcard).split(/\r?\n/, MOST_LINES + 1)
  return {
    lines: lines.slice(0, MOST_LINES).flatMap(parsed),
    isWhole: lines.length <= MOST_LINES,
  }
}

/** What a value says: quoted-printable and escapes resolved, on one line. */
export function cardText({ params, value }: CardLine): string {
  const text = /quoted-printable/i.test(params) ? fromQuotedPrintable(value) : value
  return text
    .replace(/\\n/gi, ' ')
    .replace(/\\([\\,;:])/g, '$1')
    .trim()
}

/** WhatsApp's own cards carry the digits of a number once more, in the parameter `waid`. */
export function whatsappDigits({ params }: CardLine): string | undefined {
  return /;waid=(\d{5,20})/i.exec(params)?.[1]
}

/** A line that starts with white space goes on from the one before (RFC 6350). */
function unfolded(vcard: string): string {
  return (
    vcard
      .replace(/^\ufeff/, '')
      // Quoted-printable lines of old phones end in "=" instead.
      .replace(/=\r?\n(?=[^\r\n:]*(?:\r?\n|$))/g, '')
      .replace(/\r?\n[ \t]/g, '')
  )
}

function parsed(line: string): CardLine[] {
  const [, name, params, value] = LINE.exec(line.slice(0, LONGEST_LINE)) ?? []
  if (name === undefined || params === undefined || value === undefined) return []
  return [{ name: name.toUpperCase(), params, value: value.trim() }]
}

function fromQuotedPrintable(value: string): string {
  const bytes = value.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
