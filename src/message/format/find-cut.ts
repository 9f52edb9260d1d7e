/** Where a piece ends and where the next one starts; white space between the two is dropped. */
export type Cut = { end: number; next: number }

/** A place to cut at, and how much of a piece has to be filled for it to be good enough. */
type Place = { pattern: RegExp; minFill: number }

/** White space that a combining mark is attached to is half a character and stays. */
const PARAGRAPH: Place = { pattern: /\n\s*\n(?!\p{M}|\u200d)/gu, minFill: 0.5 }
const LINE: Place = { pattern: /\n(?!\p{M}|\u200d)/gu, minFill: 0.5 }
const SENTENCE: Place = {
  pattern: /(?<=[.!?…])[ \t\n]+(?!\p{M}|\u200d)|(?<=[。！？])(?!\p{M}|\u200d|[。！？」』）])/gu,
  minFill: 0.5,
}
const SPACE: Place = { pattern: /[ \t\n]+(?!\p{M}|\u200d)/gu, minFill: 0 }

/** Best first. */
export const PROSE_PLACES: readonly Place[] = [PARAGRAPH, LINE, SENTENCE, SPACE]
export const CODE_PLACES: readonly Place[] = [{ ...LINE, minFill: 0 }, SPACE]

/** Longest look past the end of a piece, to see whether a grapheme goes on there. */
const GRAPHEME_LOOKAHEAD = 64
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Finds where to end a piece that starts at `at` and holds at most `room` UTF-16 units. Without
 * white space it ends between two graphemes. A single grapheme longer than `room` is cut between
 * code points, and a code point longer than `room` is kept whole.
 */
export function findCut(text: string, at: number, room: number, places: readonly Place[]): Cut {
  const window = text.slice(at, at + room + 1)
  for (const { pattern, minFill } of places) {
    const match = lastMatch(window, pattern, room)
    if (match === undefined || match.index < room * minFill) continue
    const end = at + match.index
    return { end, next: end + match.length }
  }
  const end = at + graphemeEnd(text.slice(at, at + room + GRAPHEME_LOOKAHEAD), room)
  return { end, next: end }
}

function lastMatch(
  window: string,
  pattern: RegExp,
  room: number,
): { index: number; length: number } | undefined {
  let last: { index: number; length: number } | undefined
  for (const match of window.matchAll(pattern)) {
    if (match.index > 0 && match.index <= room)
      last = { index: match.index, length: match[0].length }
  }
  return last
}

/**
 * The last end of a grapheme at or before `room`; more than 0, and never between two surrogates.
 */
function graphemeEnd(text: string, room: number): number {
  const end = graphemes.segment(text).containing(room)?.index ?? text.length
  if (end > 0) return end
  const isInsidePair =
    /^[\udc00-\udfff]/.test(text.charAt(room)) && /[\ud800-\udbff]$/.test(text.charAt(room - 1))
  if (!isInsidePair) return room
  return room > 1 ? room - 1 : room + 1
}
