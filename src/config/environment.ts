import type { KeyPath, LocatedProblem } from './problems.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** `$${` (a literal `${`), `${NAME}`, or a `${` that is neither. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g

/**
 * Puts environment variables into every text of a parsed file. Where a variable is unset the text stays as it
 * is and a problem names both the key and the variable.
 */
export function applyEnvironment(
  tree: unknown,
  env: Environment,
): { value: unknown; problems: LocatedProblem[] } {
  const problems: LocatedProblem[] = []

  function visit(value: unknown, at: KeyPath): unknown {
    if (typeof value === 'string') return substitute(value, at)
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...at, index]))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, item]) => [key, visit(item, [...at, key])])
    return Object.fromEntries(entries)
  }

  function substitute(text: string, at: KeyPath): string {
    return text.replace(REFERENCE, (match: string, name: string | undefined) => {
      if (match === '$${') return '${'
      const value = name === undefined ? undefined : env[name]
      if (value !== undefined) return value
      problems.push(name === undefined ? malformed(at) : unset(at, name))
      return match
    })
  }

  return { value: visit(tree, []), problems }
}

function unset(at: KeyPath, name: string): LocatedProblem {
  return {
    at,
    message: `takes the environment variable ${name}, which is not set`,
    hint: `set ${name}, or put it into the file .env beside the configuration`,
  }
}

function malformed(at: KeyPath): LocatedProblem {
  return {
    at,
    message: `has "\${" without the name of an environment variable and "}" after it`,
    hint: `write "$\${" for a literal "\${"`,
  }
}
