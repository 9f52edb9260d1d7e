import {
  charAfter,
  charBefore,
  isPunctuation,
  isPunctuationAnywhere,
  isSpace,
  isWord,
} from './characters.ts'
import type { Range } from './literals.ts'
import { whatsappLiterals } from './whatsapp-literals.ts'
import type { WhatsAppMark } from './whatsapp-mark.ts'

/**
 * A mark character outside literals. `closer` is the index of the token that would close it, or -1.
 */
export type MarkToken = Range & {
  kind: 'mark'
  mark: WhatsAppMark
  opens: boolean
  closes: boolean
  closer: number
}
export type Token = MarkToken | (Range & { kind: 'literal' })

const MARK = /[*_~]/g
const NONE = -1

/** The mark characters and literals of one line, in order. All else is text. */
export function tokenize(line: string): Token[] {
  const literals = whatsappLiterals(line)
  const starts = [0, ...literals.map(({ to }) => to)]
  const tokens = starts.flatMap((from, index): Token[] => {
    const literal = literals[index]
    const marks = marksBetween(line, from, literal?.from ?? line.length)
    return literal === undefined ? marks : [...marks, { kind: 'literal', ...literal }]
  })
  linkClosers(tokens)
  return tokens
}

function marksBetween(line: string, from: number, to: number): MarkToken[] {
  return Array.from(line.slice(from, to).matchAll(MARK), (match) => {
    const at = from + match.index
    const mark = match[0] as WhatsAppMark
    return { kind: 'mark', mark, from: at, to: at + 1, closer: NONE, ...roles(line, at) }
  })
}

/** Right to left, so that finding every mark's closer costs one pass. */
function linkClosers(tokens: readonly Token[]): void {
  const nearest: Record<WhatsAppMark, number> = { '*': NONE, _: NONE, '~': NONE }
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const token = tokens[index]
    if (token?.kind !== 'mark') continue
    token.closer = nearest[token.mark]
    if (token.closes) nearest[token.mark] = index
  }
}

function roles(line: string, at: number): { opens: boolean; closes: boolean } {
  const before = charBefore(line, at)
  const after = charAfter(line, at + 1)
  const isDoubled = before === line.charAt(at) || after === line.charAt(at)
  return {
    opens: !isDoubled && !isSpace(after) && isMarkBetween(before, after),
    closes: !isDoubled && !isSpace(before) && isMarkBetween(after, before),
  }
}

/**
 * Whether both WhatsApp and every Markdown parser read a mark between these characters. Markdown
 * refuses one between a punctuation mark inside and anything but white space or punctuation
 * outside.
 */
function isMarkBetween(outside: string, inside: string): boolean {
  if (isWord(outside)) return false
  return !isPunctuationAnywhere(inside) || isSpace(outside) || isPunctuation(outside)
}
