import { distance } from 'fastest-levenshtein'

/** `!` and a word. `!!!` and `! no` are just notes. */
const COMMAND = /^\s*!(\p{L}[\p{L}\p{N}_-]*)(?=\s|$)\s*/u

/** Further off than this it is no typing mistake. */
const NEAR = 2

/** Whether a text speaks to the bridge. */
export function isCommand(text: string | null): text is string {
  return text !== null && COMMAND.test(text)
}

/** The command's word in lower case, and what follows it; `undefined` when it is no command. Pure. */
export function readWord(written: string): { word: string; rest: string } | undefined {
  // Chatwoot 4.9 to 4.12 writes a line break as backslash and newline (docs/platforms/chatwoot.md#content).
  const text = written.replace(/\\(?=\r?\n)/g, '').trim()
  const match = COMMAND.exec(text)
  if (match === null) return undefined
  return { word: (match[1] ?? '').toLowerCase(), rest: text.slice(match[0].length) }
}

/** The name a mistyped word was probably meant to be. */
export function nearestOf<Name extends string>(
  word: string,
  names: readonly Name[],
): Name | undefined {
  const [best] = names
    .map((name) => ({ name, far: distance(word, name) }))
    .sort((a, b) => a.far - b.far)
  return best !== undefined && best.far <= NEAR ? best.name : undefined
}
