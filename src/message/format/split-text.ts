import { CODE_PLACES, type Cut, findCut, PROSE_PLACES } from './find-cut.ts'
import type { Range } from './literals.ts'
import { WHATSAPP_TEXT_LIMIT } from './whatsapp-text-limit.ts'

const FENCED = /```[\s\S]+?```/g
const FENCE = '```'
const OPEN = `${FENCE}\n`
const CLOSE = `\n${FENCE}`

/** A smaller piece could not hold two fences and something between them. */
const MIN_LIMIT_FOR_FENCES = 16

/** One piece, where the next one starts, and what it has to start with. */
type Piece = { text: string; next: number; carry: string }

/**
 * Splits a text into pieces of at most `limit` UTF-16 units: at an empty line, a line break, the end of a sentence
 * or a space, in this order, and between two graphemes when there is none. Only white space at a split is dropped.
 * A code block that is split is closed and opened again. Pieces hold something visible; an empty text has none.
 *
 * @throws RangeError when `limit` is not a positive integer.
 */
export function splitText(text: string, limit: number = WHATSAPP_TEXT_LIMIT): string[] {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError('The limit must be at least 1')
  const fences = limit < MIN_LIMIT_FOR_FENCES ? [] : findFences(text)
  const pieces: string[] = []
  let at = 0
  let carry = ''
  while (carry.length + text.length - at > limit) {
    while ((fences[0]?.to ?? Number.POSITIVE_INFINITY) <= at) fences.shift()
    const piece = takePiece(text, { at, carry, limit }, fences)
    pieces.push(piece.text)
    at = piece.next
    carry = piece.carry
  }
  pieces.push(carry + text.slice(at))
  return pieces.filter((piece) => piece.trim() !== '')
}

function findFences(text: string): Range[] {
  return Array.from(text.matchAll(FENCED), (match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }))
}

function takePiece(
  text: string,
  state: { at: number; carry: string; limit: number },
  fences: readonly Range[],
): Piece {
  const { at, carry, limit } = state
  const cut = findCut(text, at, limit - carry.length, PROSE_PLACES)
  const fence = fences.find(({ from, to }) => from < cut.end && cut.end < to)
  if (fence === undefined) return proseBefore(text, state, cut)
  const room = limit - carry.length - CLOSE.length
  const codeFrom = Math.max(at, fence.from + FENCE.length)
  const fitsWhole = fence.to - fence.from <= limit
  const isWorthWaiting = text.slice(at, fence.from).trim() !== ''
  if (isWorthWaiting && (fitsWhole || codeFrom - at >= room)) {
    return proseBefore(text, state, { end: fence.from, next: fence.from })
  }
  return codeUntil(text, state, fence, { from: codeFrom, room: room - (codeFrom - at) })
}

function proseBefore(text: string, { at, carry }: { at: number; carry: string }, cut: Cut): Piece {
  return { text: (carry + text.slice(at, cut.end)).trimEnd(), next: cut.next, carry: '' }
}

/** A piece that ends inside a code block: closed here, opened again in the next piece. */
function codeUntil(
  text: string,
  { at, carry }: { at: number; carry: string },
  fence: Range,
  code: { from: number; room: number },
): Piece {
  const codeEnd = fence.to - FENCE.length
  const cut = findCut(text, code.from, Math.min(code.room, codeEnd - code.from), CODE_PLACES)
  const closed = carry + text.slice(at, cut.end) + CLOSE
  const isFinished = text.slice(cut.next, codeEnd).trim() === ''
  return isFinished
    ? { text: closed, next: fence.to, carry: '' }
    : { text: closed, next: cut.next, carry: OPEN }
}
