/** Work in the background of the stand-in that must end when it is closed. */
export type Tasks = {
  /** Resolves after `ms`; never, once the stand-in is closed, so that nothing more happens. */
  pause(ms: number): Promise<void>
  /** Runs `work` every `ms` until the returned function is called. */
  every(ms: number, work: () => void): () => void
  /** Runs the jobs of one key one after the other. */
  inTurn<T>(key: string, job: () => Promise<T>): Promise<T>
  /** Aborted on close. */
  signal: AbortSignal
  stop(): void
}

export function createTasks(): Tasks {
  const stopping = new AbortController()
  const timers = new Set<NodeJS.Timeout>()
  const turns = new Map<string, Promise<unknown>>()

  return {
    signal: stopping.signal,
    pause: (ms) =>
      new Promise((resolve) => {
        if (stopping.signal.aborted) return
        if (ms <= 0) return resolve()
        const timer = setTimeout(() => {
          timers.delete(timer)
          resolve()
        }, ms)
        timers.add(timer)
      }),
    every: (ms, work) => {
      const timer = setInterval(work, ms)
      timers.add(timer)
      return () => {
        clearInterval(timer)
        timers.delete(timer)
      }
    },
    inTurn: (key, job) => {
      const before = turns.get(key) ?? Promise.resolve()
      const mine = before.then(job)
      // The next one must run even when this one failed; whoever awaits `mine` still sees the failure.
      const settled = mine.then(noop, noop).then(() => {
        if (turns.get(key) === settled) turns.delete(key)
      })
      turns.set(key, settled)
      return mine
    },
    stop: () => {
      stopping.abort()
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}

function noop(): void {}
