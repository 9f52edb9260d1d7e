/** Runs work on the same key one after the other, and on different keys at the same time. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Keys are forgotten as soon as nobody waits for them. */
export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(key, turn)
    try {
      return await turn
    } finally {
      if (last.get(key) === turn) last.delete(key)
    }
  }
}

/** One write for all who wait. */
type GroupFlush = {
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

/** Calls under way, and the way to wait for them. */
export type Watch = {
  run<R>(call: () => Promise<R>): Promise<R>
  /** Resolves when every call made so far has ended, well or not. */
  idle(): Promise<void>
}

/** Remembers which calls are still under way. */
export function createWatch(): Watch {
  const underWay = new Set<Promise<unknown>>()
  return {
    run: async (call) => {
      const running = call()
      underWay.add(running)
      try {
        return await running
      } finally {
        underWay.delete(running)
      }
    },
    idle: async () => {
      await Promise.allSettled(underWay)
    },
  }
}
