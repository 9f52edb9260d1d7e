import type { RunOptions } from './run-checks.ts'

/** What is being looked at right now, on one line that is written again and again. */
export type Progress = {
  /** Observers for the checks of one group. */
  of(group: string): Pick<RunOptions, 'onStart' | 'onDone'>
  /** Takes the line away. */
  clear(): void
}

const CLEAR_LINE = '\r\u001b[2K'

/** Silent unless `stream` is a terminal. */
export function createProgress(stream: NodeJS.WritableStream, total: number): Progress {
  const isTerminal = 'isTTY' in stream && stream.isTTY === true
  const active = new Set<string>()
  let done = 0

  function show(): void {
    if (!isTerminal) return
    const latest = [...active].at(-1) ?? ''
    stream.write(`${CLEAR_LINE}Checking ${done}/${total} ${latest}`.slice(0, 79))
  }

  return {
    of: (group) => ({
      onStart({ title }) {
        active.add(`${group}: ${title}`)
        show()
      },
      onDone({ title }) {
        active.delete(`${group}: ${title}`)
        done += 1
        show()
      },
    }),
    clear: () => void (isTerminal && stream.write(CLEAR_LINE)),
  }
}
