import { findLiterals, type Range } from './literals.ts'

const INLINE_CODE = /(?<!`)`([^`\n]+)`(?!`)/g
/**
 * Runs of one or two backticks are content here. Each character can match one way only, so this is
 * linear.
 */
const TRIPLE_CODE = /(?<!`)```(?!`)((?:[^`\n]|`{1,2}(?!`))+)```(?!`)/g

/**
 * Stretches of one line WhatsApp reads no marks in: code, URLs, e-mail addresses. In order, not
 * overlapping.
 */
export function whatsappLiterals(line: string): Range[] {
  const found = [
    ...findCode(line, INLINE_CODE),
    ...findCode(line, TRIPLE_CODE),
    ...findLiterals(line, 'whatsapp'),
  ]
  const apart: Range[] = []
  for (const range of found.sort((a, b) => a.from - b.from)) {
    if (range.from >= (apart.at(-1)?.to ?? 0)) apart.push(range)
  }
  return apart
}

function findCode(line: string, pattern: RegExp): Range[] {
  return Array.from(line.matchAll(pattern))
    .filter(([, code = '']) => code.trim() !== '')
    .map((match) => ({ from: match.index, to: match.index + match[0].length }))
}
