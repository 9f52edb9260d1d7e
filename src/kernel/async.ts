/**
 * What the work comes to, or what `late` gives, or throws, once it has taken longer than `ms`. The work goes on all the
 * same.
 */
export async function withTimeout<T, L>(
  ms: number,
  work: T | Promise<T>,
  late: () => L,
): Promise<T | Awaited<L>> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, ms)
  try {
    return await Promise.race([work, over.promise.then(late)])
  } finally {
    clearTimeout(timer)
  }
}

/** True for the first of its name, and then not again until `ms` have passed. For log lines that would repeat themselves. */
export function createOnceEvery(ms: number, now: () => number = () => performance.now()) {
  const last = new Map<string, number>()
  return (name: string): boolean => {
    const before = last.get(name)
    if (before !== undefined && now() - before < ms) return false
    last.set(name, now())
    return true
  }
}

/** Runs work on the same key one after the other, and on different keys at the same time. */
type KeyedQueue = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Keys are forgotten as soon as nobody waits for them. */
export function createKeyedQueue(): KeyedQueue {
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

/** Something that is done again and again. */
export type Repeated = { start(): void; close(): void }

/** Does the work at the start and then every `everyMs`. Keeps no process alive. */
export function createRepeated(everyMs: number, work: () => void): Repeated {
  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      work()
      timer = setInterval(work, everyMs)
      timer.unref()
    },
    close: () => clearInterval(timer),
  }
}
