/** Rings whenever something in the stand-in has changed. */
export type Signal = {
  ring(): void
  /** Returns the function that stops listening. */
  listen(listener: () => void): () => void
}

/** Creates a signal nobody listens to yet. */
export function createSignal(): Signal {
  const listeners = new Set<() => void>()
  return {
    ring: () => {
      for (const listener of [...listeners]) listener()
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** How long to wait, and what for, in words for the error. */
export type WaitOptions = { timeoutMs?: number; description?: string }

/**
 * Resolves with the first truthy value of `predicate`, which is asked now and after every change. Rejects after
 * `timeoutMs` (default 15,000) or with what `predicate` throws.
 */
export function waitOn<T>(
  signal: Signal,
  predicate: () => T,
  { timeoutMs = 15_000, description = 'the condition' }: WaitOptions = {},
): Promise<NonNullable<T>> {
  // Made here, so that it leads to who waits.
  const inVain = new Error(`A stand-in waited ${timeoutMs} ms for ${description}`)
  return new Promise((resolve, reject) => {
    let stop = () => {}
    const timer = setTimeout(() => {
      stop()
      reject(inVain)
    }, timeoutMs)
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      stop()
      settle()
    }
    const check = () => {
      try {
        const value = predicate()
        if (value) finish(() => resolve(value))
      } catch (error) {
        finish(() => reject(error))
      }
    }
    stop = signal.listen(check)
    check()
  })
}
