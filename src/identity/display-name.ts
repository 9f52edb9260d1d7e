import { cutText } from '../cut-text.ts'

/** Chatwoot's limit of a contact's name. */
const MAX_LENGTH = 255

/** Ends of lines and other controls, and halves of characters. */
const CONTROLS = /[\p{Cc}\p{Cs}\u2028\u2029]+/gu
/** What turns the direction of the words around it, and what is not to be seen. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/gu

/**
 * A name somebody gave themselves, a contact or a group, on one line and without what is not to be seen. `undefined`
 * when it says nothing: people without a name often send a dot.
 */
export function displayName(name: string | undefined): string | undefined {
  const line = cutText(name ?? '', 4 * MAX_LENGTH)
    .replace(CONTROLS, ' ')
    .replace(UNSEEN, '')
    .replace(/\s+/g, ' ')
    .trim()
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(line) ? cutText(line, MAX_LENGTH) : undefined
}
