import { createColors } from 'picocolors'
import { visible } from '../visible.ts'
import type { ConfigProblem } from './problems.ts'

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
