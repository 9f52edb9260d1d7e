import { findLiterals } from './literals.ts'

/**
 * Characters Markdown gives a meaning, each with a stand-in it gives none. Stand-ins are Unicode
 * noncharacters (U+FDD0…), which never occur in text that is exchanged, and have the same length,
 * so source positions hold.
 */
const CONCEALABLE = '*_~[]>-+.)&\\'
const FIRST_STAND_IN = 0xfdd0
const STAND_INS = /[\ufdd0-\ufdef]/g

/** More of these in one paragraph is no human's text; the parser's cost grows with their square. */
const MAX_MARKS = 600
const MARKS = /[*_~[\]]/g

/**
 * Lines that open more than ten quotes or lists at once; the parser's cost grows with the depth
 * squared.
 */
const DEEP_PREFIX = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){11,}/gm
/** Deeper indentation than any list needs; each two columns may open one more level. */
const DEEP_INDENT = /^[ \t]{100,}(?:[-+*>]|\d{1,9}[.)])/gm

/** What opens quotes and lists on a line, whether one or several in each other. */
const CONTAINERS = /^(?:[ \t]*(?:>|[-+*](?=\s|$)|\d{1,9}[.)](?=\s|$)))+/gm
/**
 * So much of them, in characters, is the longest list people write; the parser's cost grows with the square of their
 * number. WhatsApp knows the same markers, so lists beyond it look alike as they were typed.
 */
const MAX_CONTAINERS = 1_500

/** Characters at which the parser starts something. They cost far more than plain text of the same length. */
const STEPS = /[\n\t\0\\&`<!*_~[\]]/g
/** The parser takes 10 to 20 µs for each, and the bridge does nothing else meanwhile. */
const MAX_STEPS = 2_500

/**
 * A Windows share such as `\\server\files`: the editor does not escape, so this is what was typed.
 */
const UNC_START = /(?<![^\s("'])\\\\(?=[\p{L}\p{N}])/gu

/**
 * Hides from the Markdown parser what must come out verbatim: characters of URLs and e-mail
 * addresses, the start of a Windows share, and texts so dense with marks that parsing them would
 * stall the bridge (they are sent as typed). {@link reveal} undoes it.
 */
export function shield(text: string): string {
  const clean = text.replace(STAND_INS, '\ufffd')
  const shallow = concealDenseParagraphs(concealLiterals(clean))
    .replace(UNC_START, (slashes) => conceal(slashes, '\\'))
    .replace(DEEP_PREFIX, concealContainers)
    .replace(DEEP_INDENT, concealContainers)
  const containers = shallow.match(CONTAINERS)?.reduce((sum, { length }) => sum + length, 0) ?? 0
  return containers > MAX_CONTAINERS ? shallow.replace(CONTAINERS, concealContainers) : shallow
}

/** Whether reading a shielded text would take the parser so long that it is better sent as it was typed. */
export function isTooIntricate(shielded: string): boolean {
  return (shielded.match(STEPS)?.length ?? 0) > MAX_STEPS
}

/** Puts the real characters back. */
export function reveal(text: string): string {
  return text.replace(STAND_INS, (char) => CONCEALABLE.charAt(char.charCodeAt(0) - FIRST_STAND_IN))
}

function conceal(text: string, chars: string): string {
  return Array.from(text, (char) =>
    chars.includes(char) ? String.fromCharCode(FIRST_STAND_IN + CONCEALABLE.indexOf(char)) : char,
  ).join('')
}

function concealContainers(prefix: string): string {
  return conceal(prefix, '>-+*.)')
}

function concealLiterals(text: string): string {
  let out = ''
  let at = 0
  for (const { from, to } of findLiterals(text, 'markdown')) {
    out += text.slice(at, from) + conceal(text.slice(from, to), '*_~&')
    at = to
  }
  return out + text.slice(at)
}

function concealDenseParagraphs(text: string): string {
  return text
    .split(/(\n[ \t]*\n)/)
    .map((part) => ((part.match(MARKS)?.length ?? 0) > MAX_MARKS ? conceal(part, '*_~[]') : part))
    .join('')
}
