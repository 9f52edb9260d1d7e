import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/** Runs a Lua script with keys and arguments; its answer is for the caller to check. */
export type Script = (keys: string[], args: (string | number)[]) => Promise<unknown>

/** Sends the script's digest only; the whole of it when Redis does not know it, as after a restart. */
export function createScript(redis: Redis, lua: string): Script {
  const digest = createHash('sha1').update(lua).digest('hex')
  return async (keys, args) => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(lua, keys.length, ...keys, ...args)
    }
  }
}
