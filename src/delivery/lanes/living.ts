import type { Redis } from 'ioredis'
import { livingPrefix } from './turn-marks.ts'

/** Says that this process lives, to others that share its Redis. */
export type Living = { start(): Promise<void>; close(): void }

/** Longer than Redis may be slow, shorter than another process needs to take over a lane. */
const LIVES_MS = 15_000
const SAY_MS = 5_000

export function createLiving(deps: {
  redis: Redis
  prefix: string
  run: string
  onError: (error: unknown) => void
}): Living {
  const { redis, prefix, run, onError } = deps
  const say = () => redis.set(`${livingPrefix(prefix)}${run}`, '1', 'PX', LIVES_MS)
  let saying: NodeJS.Timeout | undefined
  return {
    async start() {
      await say()
      saying = setInterval(() => say().catch(onError), SAY_MS)
    },
    close: () => clearInterval(saying),
  }
}
