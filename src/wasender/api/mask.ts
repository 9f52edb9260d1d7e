/** Longest piece of upstream text that is kept. */
const MAX_LENGTH = 160

/** What has to go, whatever the words around it are: order matters, addresses hold digits. */
const PRIVATE: readonly (readonly [RegExp, string])[] = [
  // A quoted stretch this long is content, not a name of something.
  [/(["'`“”‘’«»])(?=[^"'`“”‘’«»]{25,}).*?["'`“”‘’«»]/gsu, '"…"'],
  [/\S*@\S+/gu, '…'],
  // Tokens, keys and URLs.
  [/[\w/+=:.-]{24,}/gu, '…'],
  // Phone numbers, also grouped: `+1 (555) 000-1111`.
  [/\p{Nd}(?:[\s().+/-]{0,3}\p{Nd}){4,}/gu, '#'],
]

/**
 * Upstream free text made fit for logs: nothing in it that looks like a phone number, an address, a
 * token or somebody's words, and short. The gateway does put numbers into its error texts
 * (wasender-api.md, section 7.3).
 */
export function maskText(text: string): string {
  // Cut first: the patterns look ahead and back, and nobody reads a page of it.
  const start = text.slice(0, 4 * MAX_LENGTH)
  const masked = PRIVATE.reduce((rest, [pattern, sign]) => rest.replace(pattern, sign), start)
  return masked.length <= MAX_LENGTH ? masked : `${masked.slice(0, MAX_LENGTH - 1)}…`
}
