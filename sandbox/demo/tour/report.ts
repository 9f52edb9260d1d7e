import Table from 'cli-table3'
import { createColors } from 'picocolors'
import { DIRECTIONS, type StepResult } from './step.ts'

type Paint = ReturnType<typeof createColors>

const PAINT: Record<StepResult['result'], (paint: Paint, text: string) => string> = {
  passed: (paint, text) => paint.green(text),
  failed: (paint, text) => paint.red(text),
  skipped: (paint, text) => paint.yellow(text),
}

/** Breaks a text into lines so that this many columns of the terminal stay free beside it. */
export type Narrow = (text: string, beside: number) => string

/** The borders, the results and the milliseconds. */
const BESIDE_NAMES = 23

/** One line about a step, e.g. `passed  a text arrives (120 ms)`. */
export function stepLine({ name, result, ms }: StepResult, color: boolean): string {
  return `${PAINT[result](createColors(color), result.padEnd(7))} ${name} (${ms} ms)`
}

/** The table at the end of the tour, what went wrong below it, and the sum. */
export function tourReport(
  results: readonly StepResult[],
  color: boolean,
  narrowed: Narrow = (text) => text,
): string {
  const paint = createColors(color)
  const table = new Table({
    head: ['Step', 'Result', 'ms'].map((title) => paint.bold(title)),
    colAligns: ['left', 'left', 'right'],
    style: { compact: true, head: [], border: color ? ['gray'] : [] },
  })
  for (const direction of DIRECTIONS) {
    const group = results.filter((result) => result.direction === direction)
    if (group.length > 0) table.push([paint.bold(`${direction} (${group.length})`), '', ''])
    for (const { name, result, ms } of group)
      table.push([narrowed(`  ${name}`, BESIDE_NAMES), PAINT[result](paint, result), ms])
  }
  const problems = results.flatMap(({ name, result, problem }) =>
    result === 'failed' ? [`${name}: ${problem}`] : [],
  )
  return [table.toString(), ...problems, summary(results, paint), ''].join('\n')
}

function summary(results: readonly StepResult[], paint: Paint): string {
  const passed = results.filter(({ result }) => result === 'passed').length
  const seconds = (results.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(1)
  const skipped = results.filter(({ result }) => result === 'skipped').length
  const rest = skipped === 0 ? '' : ` ${skipped} were skipped: too much had failed before.`
  const text = `${passed} of ${results.length} steps passed in ${seconds} s.${rest}`
  return passed === results.length ? paint.green(text) : paint.red(text)
}
