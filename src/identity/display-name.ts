import { cutText } from '../cut-text.ts'

/** Chatwoot's limit of a contact's name. */
const MAX_LENGTH = 255

/** Ends of lines and other controls, and halves of characters. */
const CONTROLS = /[\p{Cc}\p{Cs}\u2028\u2029]+/gu
/** Characters that turn the writing direction, and invisible ones. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/gu

/**
 * The name that people gave to themselves, to a contact or to a group: on one line, without invisible characters.
 * `undefined` when it says nothing; people without a name often send a dot.
 */
export function displayName(name: string | undefined): string | undefined {
  const line = cutText(name ?? '', 4 * MAX_LENGTH)
    .replace(CONTROLS, ' ')
    .replace(UNSEEN, '')
    .replace(/\s+/g, ' ')
    .trim()
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(line) ? cutText(line, MAX_LENGTH) : undefined
}
