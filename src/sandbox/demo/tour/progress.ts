import { stepLine } from './report.ts'
import type { TourListener } from './run-tour.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 80
const CLEAR_LINE = '\r\u001b[2K'

/** Shows how far the tour is: on a terminal the step that runs, with a spinner; elsewhere a line per step. */
export function createProgress(
  out: NodeJS.WritableStream,
  { color, isTerminal }: { color: boolean; isTerminal: boolean },
): TourListener {
  let spinner: NodeJS.Timeout | undefined

  function stop(): void {
    if (spinner === undefined) return
    clearInterval(spinner)
    spinner = undefined
    out.write(CLEAR_LINE)
  }

  return {
    onBegin({ name }) {
      if (!isTerminal) return
      let frame = 0
      spinner = setInterval(() => {
        out.write(`${CLEAR_LINE}${FRAMES[frame % FRAMES.length]} ${name}`)
        frame += 1
      }, FRAME_MS)
    },
    onEnd(result) {
      stop()
      if (!isTerminal) out.write(`${stepLine(result, color)}\n`)
    },
  }
}

/** For those who read the result only. */
export const SILENT: TourListener = { onBegin: () => undefined, onEnd: () => undefined }
