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
