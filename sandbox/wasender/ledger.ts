/** A list of what happened, oldest first, that forgets the oldest beyond `limit` so that load runs stay small. */
export type Ledger<T> = {
  readonly entries: readonly T[]
  add(entry: T): T
}

export function createLedger<T>(limit: number): Ledger<T> {
  const entries: T[] = []
  return {
    entries,
    add: (entry) => {
      entries.push(entry)
      // Cut in batches: removing one element per insertion would move the whole array every time.
      if (entries.length > limit * 1.1) entries.splice(0, entries.length - limit)
      return entry
    },
  }
}
