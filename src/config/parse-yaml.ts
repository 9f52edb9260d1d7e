import { isNode, LineCounter, parseDocument } from 'yaml'
import type { ConfigProblem, KeyPath } from './problems.ts'

/** A YAML file as a plain tree that still knows on which line a key stands. */
export type YamlFile = {
  tree: unknown
  /** Syntax errors with line and column. The tree is worth nothing when there are any. */
  problems: ConfigProblem[]
  lineOf(path: KeyPath): number | undefined
}

/** Parses YAML 1.2. Errors never quote the file, because its lines hold secrets. */
export function parseYaml(text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const problems = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    const hint = HINTS[error.code]
    return {
      path: '',
      message: `is not valid YAML at line ${line}, column ${col}: ${error.code.toLowerCase().replaceAll('_', ' ')}`,
      line,
      ...(hint === undefined ? {} : { hint }),
    }
  })
  return {
    tree: problems.length === 0 ? document.toJS() : undefined,
    problems,
    lineOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
      }
      return undefined
    },
  }
}

const HINTS: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'keys of one group start in the same column',
  DUPLICATE_KEY: 'each key may appear only once in its group',
  MISSING_CHAR:
    'a bracket, comma or quote is missing; put values with special characters in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put values that contain ": " in quotes',
}
