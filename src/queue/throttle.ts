import { MEMORIES } from '../state/redis/memories.ts'
import { createMemory, type RedisState } from '../state/redis/memory.ts'

/** Lets something happen at most once in a span of time, across processes and restarts. */
export type Throttle = {
  /** True for the first caller of a name; false for all others until `ms` have passed. */
  allow(name: string, ms: number): Promise<boolean>
  /** Lets the next caller through at once. */
  reset(name: string): Promise<void>
}

export function createThrottle(state: RedisState): Throttle {
  const throttle = createMemory(state, MEMORIES.throttle)
  return {
    allow: (name, ms) => throttle(name).add('1', ms),
    async reset(name) {
      await throttle(name).remove()
    },
  }
}
