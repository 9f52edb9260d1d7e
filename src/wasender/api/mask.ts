import { withoutEcho } from './without-echo.ts'

/** Longest piece of upstream text that is kept. */
const MAX_LENGTH = 160

/** What is neither to be seen nor to be read: controls, marks of direction, halves of characters. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu

/** What has to go, whatever the words around it are: order matters, addresses hold digits. */
const PRIVATE: readonly (readonly [RegExp, string])[] = [
  // A quoted stretch this long is content, not a name of something, even if its marks do not match.
  [/(["'`“”‘’«»])(?=[^"'`“”‘’«»]{25,}).*?["'`“”‘’«»]/gsu, '"…"'],
  [/<\/?[a-z!][^<>]*>/giu, ''],
  [/(?<!\S)\S*@\S+/gu, '…'],
  [/(?<![\p{L}\p{N}+.-])[\p{L}\p{N}+.-]+:\/\/\S*/gu, '…'],
  // Tokens and keys.
  [/[\w/+=:.-]{24,}/gu, '…'],
  // What a reader's program would make a link of.
  [
    /(?<![\p{L}\p{N}-])[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}\.\p{L}{2,}(?:[/?#:]\S*)?/gu,
    '…',
  ],
  // Phone numbers, also grouped: `+1 (555) 000-1111`.
  [/\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){4,}/gu, '#'],
  // Marks of Markdown, HTML and Liquid.
  [/[<>[\]{}*~`|\\]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, ''],
  [/\s+/gu, ' '],
]

/**
 * Upstream free text made fit for logs, and for agents and admins to read: nothing in it that looks like a phone
 * number, an address, a link, a token or somebody's words, no marks, and short. The gateway does put numbers into its
 * error texts (docs/platforms/wasender.md#sent-or-failed). `sent`: the body of the request; nothing of what it
 * says is repeated.
 */
export function maskText(text: string, sent?: unknown): string {
  // Cut first: the patterns look ahead and back, and nobody reads a page of it.
  const start = text.slice(0, 4 * MAX_LENGTH).replace(UNSEEN, ' ')
  const own = withoutEcho(start, sent)
  const masked = PRIVATE.reduce((rest, [pattern, sign]) => rest.replace(pattern, sign), own).trim()
  const characters = Array.from(masked)
  if (characters.length <= MAX_LENGTH) return masked
  return `${characters.slice(0, MAX_LENGTH - 1).join('')}…`
}
