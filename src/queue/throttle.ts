import type { Redis } from 'ioredis'

/** Lets something happen at most once in a span of time, across processes and restarts. */
export type Throttle = {
  /** True for the first caller of a name; false for all others until `ms` have passed. */
  allow(name: string, ms: number): Promise<boolean>
  /** Lets the next caller through at once. */
  reset(name: string): Promise<void>
}

export function createThrottle({ redis, prefix }: { redis: Redis; prefix: string }): Throttle {
  const key = (name: string) => `${prefix}throttle:${name}`
  return {
    allow: async (name, ms) => (await redis.set(key(name), '1', 'PX', ms, 'NX')) !== null,
    async reset(name) {
      await redis.del(key(name))
    },
  }
}
