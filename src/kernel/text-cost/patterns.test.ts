import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'
import { CHARACTERS, growsFaster, repeated, type TextOf } from './testing.ts'

const SOURCES = fileURLToPath(new URL('../..', import.meta.url))

/** Only these can repeat, so only patterns with one of them can cost more than their text is long. */
const REPEATS = /[*+{]/
const WORTH_MS = 0.25

type Found = { file: string; regex: RegExp; isBuilt: false } | { file: string; isBuilt: true }

/** The parts of the syntax tree that matter here. */
type Node = {
  type: string
  regex?: { pattern: string; flags: string }
  callee?: { name?: string }
}

/** Every regular expression of the program, in the order of the files. */
function findPatterns(): Found[] {
  const files = globSync('**/*.ts', { cwd: SOURCES }).filter(
    (file) => !/\.test\.ts$|(?:^|\/)testing\b|^sandbox\//.test(file),
  )
  return files.sort().flatMap((file) => {
    const found: Found[] = []
    visit(parseAst(readFileSync(`${SOURCES}/${file}`, 'utf8'), { lang: 'ts' }), (node) => {
      const { regex, callee } = node
      if (regex !== undefined) {
        found.push({ file, regex: new RegExp(regex.pattern, regex.flags), isBuilt: false })
      }
      if (callee?.name === 'RegExp') found.push({ file, isBuilt: true })
    })
    return found
  })
}

function visit(value: unknown, each: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value) each(value as Node)
  for (const inner of Object.values(value)) visit(inner, each)
}

/** What the pattern itself names: words it begins with, and the characters it repeats. */
function namedIn({ source }: RegExp): { words: string[]; characters: string[] } {
  const plain = source
    .replace(/\\[dDwWsSbBpP](?:\{[^}]*\})?/g, ' ')
    .replace(/\\u[0-9a-f]{4}/gi, (escaped) => JSON.parse(`"${escaped}"`))
    .replace(/\\n/g, '\n')
    .replace(/\\(.)/g, '$1')
  const words = plain.match(/[\w:/;=@."'`~*-]{2,}/g) ?? []
  return { words: words.slice(0, 3), characters: [...new Set(plain)].slice(0, 10) }
}

/** Texts the pattern matches; none for patterns with what the generator does not know, such as a look behind. */
function matchesOf(regex: RegExp): string[] {
  try {
    const matching = fc.stringMatching(new RegExp(regex.source, regex.flags.replace(/[^su]/g, '')))
    return fc.sample(matching, { numRuns: 6, seed: 1 }).map((match) => match.slice(0, 24))
  } catch {
    return []
  }
}

function* textsFor(regex: RegExp): Generator<TextOf> {
  const { words, characters } = namedIn(regex)
  const pairs = characters.flatMap((one) => [...characters, 'a', ' '].map((other) => one + other))
  for (const atom of new Set([...CHARACTERS, ...characters, ...words, ...pairs])) {
    for (const before of ['', ...words]) {
      for (const after of ['x', '\n!']) yield repeated(atom, { before, after })
    }
  }
  // What it matches, with one place of it drawn out, so that what stands before is passed as it has to be.
  for (const match of matchesOf(regex)) {
    for (let at = 0; at < match.length; at += 1) {
      const before = match.slice(0, at + 1)
      for (const atom of [match.charAt(at), match.slice(at, at + 2), ' ']) {
        yield repeated(atom, { before, after: '\n!' })
        yield repeated(atom, { before, after: `${match.slice(at + 1)}\u0001` })
      }
    }
  }
}

function run(regex: RegExp, text: string): void {
  regex.lastIndex = 0
  if (regex.global) text.replace(regex, '')
  else regex.exec(text)
}

/** How a text begins and ends that costs more than it is long. */
function slowText(regex: RegExp): string | undefined {
  for (const textOf of textsFor(regex)) {
    if (!growsFaster((text) => run(regex, text), textOf, { worthMs: WORTH_MS })) continue
    const text = textOf(100)
    return `${JSON.stringify(text.slice(0, 40))} … ${JSON.stringify(text.slice(-10))}`
  }
  return undefined
}

describe('the cost of regular expressions', () => {
  const found = findPatterns()
  const literal = new Map(
    found.flatMap((one) =>
      one.isBuilt ? [] : [[String(one.regex), { ...one, name: `${one.file} ${one.regex}` }]],
    ),
  )
  const repeating = [...literal.values()].filter(({ regex }) => REPEATS.test(regex.source))

  it('finds them', () => {
    expect(literal.size).toBeGreaterThan(200)
    expect(repeating.length).toBeGreaterThan(100)
  })

  it.each(repeating)('$name costs no more than the text is long', ({ regex }) => {
    expect(slowText(regex)).toBeUndefined()
  })

  it.each([/;+$/, /a.*$/, /^\d+\.\d+[a-z].*?\s*$/, /\S*@\S+/g])('notices %s', (regex) => {
    expect(slowText(regex)).toBeDefined()
  })

  // A pattern that is put together cannot be read from the source; `converters.test.ts` runs those that meet
  // texts of others, and the rest reads the bridge's own configuration.
  it('knows the patterns that are put together', () => {
    expect([...new Set(found.flatMap(({ file, isBuilt }) => (isBuilt ? [file] : [])))]).toEqual([
      'config/units.ts',
      'content/message/format/literals.ts',
      'content/message/format/render-children.ts',
      'kernel/text.ts',
      'people/people.ts',
      'platforms/wasender/refusal-meaning.ts',
      'state/redis/probe.ts',
      'tools/setup/files/write-down.ts',
    ])
  })
})
