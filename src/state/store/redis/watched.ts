import type { Collection } from '../types.ts'

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

/** The same collection, every call of which goes through `watch`. */
export function watched<T>(collection: Collection<T>, { run }: Watch): Collection<T> {
  return {
    get: (id) => run(() => collection.get(id)),
    put: (id, value) => run(() => collection.put(id, value)),
    update: (id, change) => run(() => collection.update(id, change)),
    delete: (id, when) => run(() => collection.delete(id, when)),
    findBy: (index, key) => run(() => collection.findBy(index, key)),
    count: () => run(() => collection.count()),
    all: () => collection.all(),
    erase: (ids) => run(() => collection.erase(ids)),
  }
}
