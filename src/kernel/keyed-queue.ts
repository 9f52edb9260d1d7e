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
