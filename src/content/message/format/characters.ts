/**
 * What both grammars need to know about single characters. Code points, not code units: an emoji or
 * a rare Han character next to a mark has to be recognised as one character.
 */

/**
 * Scripts written without spaces: a mark between two of their letters is a mark, not arithmetic.
 */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const LETTER_OR_DIGIT = /[\p{L}\p{N}\p{M}]/u
const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/u
const SYMBOL = /[\p{P}\p{S}]/u

/** The character that ends right before `index`, or '' at the start of the text. */
export function charBefore(text: string, index: number): string {
  const unit = text.charAt(index - 1)
  const isLowSurrogate = unit >= '\udc00' && unit <= '\udfff'
  return isLowSurrogate ? text.slice(Math.max(0, index - 2), index) : unit
}

/** The character that starts at `index`, or '' at the end of the text. */
export function charAfter(text: string, index: number): string {
  const point = text.codePointAt(index)
  return point === undefined ? '' : String.fromCodePoint(point)
}

/** White space, or the edge of the text (''). */
export function isSpace(char: string): boolean {
  return char.trim() === ''
}

export function isLetterOrDigit(char: string): boolean {
  return LETTER_OR_DIGIT.test(char)
}

/** A letter or digit that keeps a neighbouring `*`, `_` or `~` from being a mark, as in `a*b*c`. */
export function isWord(char: string): boolean {
  return LETTER_OR_DIGIT.test(char) && !SPACELESS.test(char)
}

/** Punctuation to every Markdown parser, old (Unicode P and ASCII) and new. */
export function isPunctuation(char: string): boolean {
  return PUNCTUATION.test(char)
}

/**
 * Punctuation to at least one Markdown parser: CommonMark 0.31 added Unicode symbols such as emoji.
 */
export function isPunctuationAnywhere(char: string): boolean {
  return PUNCTUATION.test(char) || SYMBOL.test(char)
}

/**
 * Ends a list or a quote without being part of the text. In Markdown a plain line right below a
 * list item or a quote belongs to it ("lazy continuation"); on WhatsApp it does not. A line of one
 * space is a blank line to Markdown and something nobody types, so the way back can tell it from a
 * real empty line and remove it.
 */
export const SEPARATOR = '\n \n'

/** Stands for a leading space: Markdown drops those or makes code of them, WhatsApp shows them. */
export const INDENT = '\u00a0'
