import { type CardLine, cardText, readCardLines, whatsappDigits } from '../card-lines.ts'

/** The formatted name of a vCard and its phone numbers, each once: WhatsApp's own digits with a `+`, else as written. */
export function readVcard(vcard: string): { name: string | undefined; numbers: string[] } {
  const { lines } = readCardLines(vcard)
  const named = lines.find(({ name }) => name === 'FN')
  const numbers = lines.filter(({ name }) => name === 'TEL').flatMap(numberOf)
  return {
    name: named === undefined ? undefined : cardText(named) || undefined,
    numbers: [...new Set(numbers)],
  }
}

/** `tel:` is the spelling of vCard 4. Values without a digit are no numbers. */
function numberOf(line: CardLine): string[] {
  const digits = whatsappDigits(line)
  if (digits !== undefined) return [`+${digits}`]
  const number = cardText(line).replace(/^tel:/i, '')
  return /\d/.test(number) ? [number] : []
}
