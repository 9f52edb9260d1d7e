import { createColors } from 'picocolors'
import { type Progress, type Step, stepLine } from '../setup/steps.ts'
import { visible, visibleLines } from '../visible.ts'
import { asTyped } from './as-typed.ts'
import type { CliContext } from './context.ts'
import { widthOf, wrap } from './wrap.ts'

/** Where the words of a step begin, beside what was done. */
const INDENT = 13

/** Shows each step as it is done, or with `--json` keeps them for the end. */
export function createSetupProgress(options: {
  cli: CliContext
  json: boolean
  dryRun: boolean
}): Progress & { steps: readonly Step[]; notes: readonly string[] } {
  const { cli, json, dryRun } = options
  const paint = createColors(cli.color)
  const steps: Step[] = []
  const notes: string[] = []
  const show = (line: string, color: (text: string) => string) => {
    const text = wrap(asTyped(visibleLines(line), cli), widthOf(cli.stdout), INDENT)
    // Each line by itself: what stands around a coloured text must not be part of it.
    if (!json) cli.stdout.write(`${text.split('\n').map(color).join('\n')}\n`)
  }
  return {
    dryRun,
    steps,
    notes,
    step(step) {
      steps.push(step)
      const line = visible(stepLine(step, dryRun))
      show(line, step.state === 'already' ? paint.dim : paint.green)
    },
    note(text) {
      notes.push(text)
      show(`${' '.repeat(INDENT)}${text}`, paint.yellow)
    },
  }
}
