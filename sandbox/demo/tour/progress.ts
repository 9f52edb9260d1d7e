import { createSpinner } from '../../../src/kernel/spinner.ts'
import { stepLine } from './report.ts'
import type { TourListener } from './run-tour.ts'

/** Shows how far the tour is: on a terminal the step that runs, with a spinner; elsewhere a line per step. */
export function createProgress(
  out: NodeJS.WritableStream,
  { color, isTerminal }: { color: boolean; isTerminal: boolean },
): TourListener & { stop: () => void } {
  const spinner = createSpinner(out)
  return {
    onBegin({ name }) {
      if (isTerminal) spinner.start(name)
    },
    onEnd(result) {
      spinner.stop()
      if (!isTerminal) out.write(`${stepLine(result, color)}\n`)
    },
    stop: spinner.stop,
  }
}

/** For those who read the result only. */
export const SILENT: TourListener = { onBegin: () => undefined, onEnd: () => undefined }
