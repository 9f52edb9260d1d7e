import type { ErrorBody } from './error-body.ts'

const TAKEN = /has already been taken/i

/**
 * Attributes whose value another record has. Several problems come as one sentence list, in the
 * order of `attributes`: "Identifier has already been taken, Phone number should be in e164
 * format".
 */
export function takenAttributes({ text, attributes }: ErrorBody): string[] {
  if (/source_id should be unique/i.test(text)) return ['source_id']
  if (!TAKEN.test(text)) return []
  const sentences = text.split(', ')
  if (sentences.length === attributes.length) {
    return attributes.filter((_, index) => TAKEN.test(sentences[index] ?? ''))
  }
  // A comma inside a sentence broke the pairing: recognise each attribute by its English label.
  const words = text.toLowerCase()
  return attributes.filter((name) =>
    words.includes(`${name.replaceAll('_', ' ')} has already been taken`),
  )
}
