import { createColors } from 'picocolors'
import { type Progress, type Step, stepLine } from '../setup/steps.ts'
import type { CliContext } from './context.ts'

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
  const show = (line: string) => {
    if (!json) cli.stdout.write(`${line}\n`)
  }
  return {
    dryRun,
    steps,
    notes,
    step(step) {
      steps.push(step)
      const line = stepLine(step, dryRun)
      show(step.state === 'already' ? paint.dim(line) : paint.green(line))
    },
    note(text) {
      notes.push(text)
      show(`${''.padEnd(13)}${paint.yellow(text)}`)
    },
  }
}
