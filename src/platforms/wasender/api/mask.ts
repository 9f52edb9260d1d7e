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

const WORD = /[\p{L}\p{N}]+/gu

/** A stretch in quotation marks. An apostrophe within a word opens none. */
const QUOTED =
  /(?<![\p{L}\p{N}])(?:"[^"]+"|'[^']+'|`[^`]+`|“[^“”]+”|‘[^‘’]+’|«[^«»]+»)(?![\p{L}\p{N}])/gu

/** So many words in a row that stand in the request as well are a quotation of it. */
const RUN = 3

/** Words of the gateway's own, which a short message may consist of. */
const COMMON: ReadonlySet<string> = new Set(
  [
    'a an and as at be by can do does for from has in is it no not of on or the this to with',
    'text field message file url image video audio document sticker contact location poll',
    'number name invalid required whatsapp',
  ].flatMap((words) => words.split(' ')),
)

/** What a request says, as words in small letters. */
type Said = {
  /** Each text of it. */
  texts: string[][]
  words: ReadonlySet<string>
  runs: ReadonlySet<string>
}

/** A text without what it repeats of a request: no sentence of a message, no number or name out of it. */
export function withoutEcho(text: string, sent: unknown): string {
  const texts = stringsIn(sent).map(wordsOf)
  if (texts.length === 0) return text
  const said = { texts, words: new Set(texts.flat()), runs: new Set(texts.flatMap(runsOf)) }
  const unquoted = text.replace(QUOTED, (quoted) =>
    wordsOf(quoted).some((word) => said.words.has(word) && !COMMON.has(word)) ? '…' : quoted,
  )
  return withoutRepeated(unquoted, said)
}

function withoutRepeated(text: string, said: Said): string {
  const found = [...text.matchAll(WORD)]
  const words = found.map(([word]) => word.toLowerCase())
  const isRepeated = words.map(
    // A code or part of a number is worth hiding by itself.
    (word) => said.words.has(word) && word.length > 2 && /\p{N}/u.test(word),
  )
  for (const at of words.keys()) {
    const length = repeatedAt(words, at, said)
    isRepeated.fill(true, at, at + length)
  }
  let rest = ''
  let from = 0
  for (const [index, { 0: word, index: start }] of found.entries()) {
    if (isRepeated[index] !== true) continue
    rest += `${text.slice(from, start)}…`
    from = start + word.length
  }
  return (rest + text.slice(from)).replace(/…(?:[^\p{L}\p{N}…]{0,3}…)+/gu, '…')
}

/** How many words from there on are a quotation: a run of them, or the whole of a short text. */
function repeatedAt(words: readonly string[], at: number, { texts, runs }: Said): number {
  if (runs.has(words.slice(at, at + RUN).join(' '))) return RUN
  const whole = texts.find(
    (text) =>
      text.length < RUN &&
      text.length > 0 &&
      !text.every((word) => COMMON.has(word)) &&
      text.every((word, index) => words[at + index] === word),
  )
  return whole?.length ?? 0
}

function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase())
}

function runsOf(words: readonly string[]): string[] {
  return words.slice(RUN - 1).map((_, index) => words.slice(index, index + RUN).join(' '))
}

/** The values of a request, not the names of its fields. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
