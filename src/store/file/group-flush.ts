/** One write for all who wait. */
export type GroupFlush = {
  /**
   * Resolves once everything that was there at the time of the call is written; rejects when that write
   * failed. Requests during a write share the next one.
   */
  request(): Promise<void>
}

/** Runs `write` on request, never twice at the same time. */
export function createGroupFlush(write: () => Promise<void>): GroupFlush {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  const start = (): Promise<void> => {
    next = undefined
    return write()
  }

  return {
    request: () => {
      if (next === undefined) {
        next = running.then(start, start)
        running = next
      }
      return next
    },
  }
}
