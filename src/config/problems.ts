import { closest, distance } from 'fastest-levenshtein'
import { createColors } from 'picocolors'
import type { z } from 'zod'
import { ConfigError } from '../kernel/errors.ts'
import { visible } from '../kernel/text.ts'
import { configJsonSchema, knownKeys } from './json-schema.ts'

/** One thing that is wrong with the configuration. */
export type ConfigProblem = {
  /** The key, e.g. `accounts[0].wasender.apiKey`; empty when it concerns the whole file. */
  path: string
  /** What was expected. Never holds the value. */
  message: string
  hint?: string
  /** Line in the file, from 1. */
  line?: number
}

/** All problems of a configuration at once. */
export class ConfigProblemsError extends ConfigError {
  readonly problems: readonly ConfigProblem[]

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super(`${file} has ${count}.`, {
      code: 'config.invalid',
      context: { file, problems: problems.length },
    })
    this.problems = problems
  }
}

export type KeyPath = readonly PropertyKey[]

/** `['accounts', 0, 'id']` as `accounts[0].id`. */
export function formatPath(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? String(step) : `${text}.${String(step)}`
  }, '')
}

/** A problem that still knows its path as steps, to find its line. */
export type LocatedProblem = Omit<ConfigProblem, 'path' | 'line'> & { at: KeyPath }

/** What zod found, in the words of this program. */
export function fromIssue(issue: z.core.$ZodIssue): LocatedProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(issue.path, key))
  return [{ at: issue.path, message: issue.message }]
}

function unknownKey(parent: KeyPath, key: string): LocatedProblem {
  const known = knownKeys(configJsonSchema(), parent)
  return { at: [...parent, key], message: 'is not a known key', hint: nearest(key, known) }
}

function nearest(key: string, known: readonly string[]): string {
  const best = known.length === 0 ? '' : closest(key.toLowerCase(), [...known])
  const near = distance(key.toLowerCase(), best.toLowerCase()) <= Math.max(2, key.length / 3)
  return near ? `did you mean "${best}"?` : `known here: ${known.join(', ')}`
}

/** Words for issues whose schema has none of its own. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'invalid_type') return undefined
  const kinds: Record<string, string> = { object: 'a group of keys', string: 'a text' }
  const what = kinds[issue.expected] ?? `a value of type ${issue.expected}`
  return issue.input === undefined || issue.input === null
    ? `is missing; expected ${what}`
    : `expected ${what}`
}

/** The problems as text for a terminal, one line each and a hint below where there is one. */
export function renderProblems(
  problems: readonly ConfigProblem[],
  { color }: { color: boolean },
): string {
  const paint = createColors(color)
  return problems
    .map(({ path, message, hint, line }) => {
      const where = line === undefined ? '' : paint.dim(` (line ${line})`)
      const key = path === '' ? '' : `${paint.bold(visible(path))} `
      const help = hint === undefined ? '' : `\n    ${paint.cyan(visible(hint))}`
      return `  ${paint.red('✗')} ${key}${visible(message)}${where}${help}`
    })
    .join('\n')
}
