/** Counts what strangers may cause as often as they like. */
export type Tally = {
  /** One more of this name. */
  count(name: string): void
  close(): void
}

/**
 * Tells of the first of its name at once, and of those that follow at most once in `ms`, with their number. So a log cannot
 * be filled by what it tells of. Names come from a finite set.
 */
export function createTally(ms: number, tell: (name: string, count: number) => void): Tally {
  const waiting = new Map<string, { count: number; timer: NodeJS.Timeout }>()

  function begin(name: string): void {
    const timer = setTimeout(() => end(name), ms)
    timer.unref()
    waiting.set(name, { count: 0, timer })
  }

  function end(name: string): void {
    const count = waiting.get(name)?.count ?? 0
    waiting.delete(name)
    if (count === 0) return
    tell(name, count)
    begin(name)
  }

  return {
    count(name) {
      const known = waiting.get(name)
      if (known !== undefined) {
        known.count += 1
        return
      }
      tell(name, 1)
      begin(name)
    },
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
