import type { Range } from './literals.ts'

const FENCED = /```[\s\S]+?```/g
const FENCE = '```'
const OPEN = `${FENCE}\n`
const CLOSE = `\n${FENCE}`

/** A smaller piece could not hold two fences and something between them. */
const MIN_LIMIT_FOR_FENCES = 16

/** Where the rest of the text begins, and what the piece made of it has to start with. */
type State = { at: number; carry: string }
type Piece = { text: string; rest: State }

/**
 * Splits a text into pieces of at most `limit` UTF-16 units: at an empty line, a line break, the
 * end of a sentence or a space, in this order, and between two graphemes when there is none. Only
 * white space at a split is dropped. A code block that is split is closed and opened again. Pieces
 * hold something visible; an empty text has none.
 *
 * @throws RangeError when `limit` is not a positive integer.
 */
export function splitText(text: string, limit: number = WHATSAPP_TEXT_LIMIT): string[] {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError('The limit must be at least 1')
  const fences = limit < MIN_LIMIT_FOR_FENCES ? [] : findFences(text)
  const pieces: string[] = []
  let state: State = { at: 0, carry: '' }
  while (state.carry.length + text.length - state.at > limit) {
    const piece = takePiece(text, state, limit, fences)
    pieces.push(piece.text)
    state = piece.rest
  }
  pieces.push(state.carry + text.slice(state.at))
  return pieces.filter((piece) => piece.trim() !== '')
}

function findFences(text: string): Range[] {
  return Array.from(text.matchAll(FENCED), (match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }))
}

function takePiece(text: string, state: State, limit: number, fences: Range[]): Piece {
  const { at, carry } = state
  while (fences[0] !== undefined && fences[0].to <= at) fences.shift()
  const cut = findCut(text, at, limit - carry.length, PROSE_PLACES)
  const fence = fences.find(({ from, to }) => from < cut.end && cut.end < to)
  if (fence === undefined) return pieceUntil(text, state, cut)
  if (fence.from <= at) return codePiece(text, state, limit, fence)
  const room = limit - carry.length - CLOSE.length - (fence.from + FENCE.length - at)
  const canWait = fence.to - fence.from <= limit || text.slice(at, fence.from).trim() === ''
  return canWait || room < 1
    ? pieceUntil(text, state, { end: fence.from, next: fence.from })
    : codePiece(text, state, limit, fence)
}

function pieceUntil(text: string, { at, carry }: State, { end, next }: Cut): Piece {
  return { text: (carry + text.slice(at, end)).trimEnd(), rest: { at: next, carry: '' } }
}

/**
 * A piece that ends with a code block, or inside it: then it is closed here and opened again in the
 * next piece.
 */
function codePiece(text: string, state: State, limit: number, fence: Range): Piece {
  const { at, carry } = state
  if (carry.length + fence.to - at <= limit) {
    return pieceUntil(text, state, { end: fence.to, next: fence.to + leadingSpace(text, fence.to) })
  }
  const codeFrom = Math.max(at, fence.from + FENCE.length)
  const codeEnd = fence.to - FENCE.length
  const room = limit - carry.length - CLOSE.length - (codeFrom - at)
  const cut = findCut(text, codeFrom, Math.min(room, codeEnd - codeFrom), CODE_PLACES)
  const isFinished = text.slice(cut.next, codeEnd).trim() === ''
  return {
    text: carry + text.slice(at, cut.end) + CLOSE,
    rest: isFinished ? { at: fence.to, carry: '' } : { at: cut.next, carry: OPEN },
  }
}

function leadingSpace(text: string, from: number): number {
  const pattern = /[ \t]*\n*/y
  pattern.lastIndex = from
  return pattern.exec(text)?.[0].length ?? 0
}

/** Where a piece ends and where the next one starts; white space between the two is dropped. */
type Cut = { end: number; next: number }

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
const PROSE_PLACES: readonly Place[] = [PARAGRAPH, LINE, SENTENCE, SPACE]
const CODE_PLACES: readonly Place[] = [{ ...LINE, minFill: 0 }, SPACE]

/** Longest look past the end of a piece, to see whether a grapheme goes on there. */
const GRAPHEME_LOOKAHEAD = 64
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Finds where to end a piece that starts at `at` and holds at most `room` UTF-16 units. Without
 * white space it ends between two graphemes. A single grapheme longer than `room` is cut between
 * code points, and a code point longer than `room` is kept whole.
 */
function findCut(text: string, at: number, room: number, places: readonly Place[]): Cut {
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

/**
 * Longest text of one WhatsApp message, in UTF-16 units. WhatsApp itself takes about 65,000. The gateway documents no
 * limit, and 4096 is known to work (docs/platforms/wasender.md#sending).
 */
export const WHATSAPP_TEXT_LIMIT = 4096
