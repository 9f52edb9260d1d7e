import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { z } from 'zod'

/** A Lua script, and what it answers. */
export type Script<Answer> = { lua: string; digest: string; answer: z.ZodType<Answer> }

export function luaScript<Answer>(lua: string, answer: z.ZodType<Answer>): Script<Answer> {
  return { lua, digest: createHash('sha1').update(lua).digest('hex'), answer }
}

/**
 * The one way to run Lua in Redis. Sends the script's digest only; when Redis does not know that, as after a restart, a
 * failover or SCRIPT FLUSH, nothing was carried out and the whole script is sent. Inside a transaction there is no such
 * second try, so what has to happen in one step is one script.
 */
export async function runScript<Answer>(
  redis: Pick<Redis, 'evalsha' | 'eval'>,
  { lua, digest, answer }: Script<Answer>,
  keys: readonly string[],
  args: readonly (string | number)[] = [],
): Promise<Answer> {
  try {
    return answer.parse(await redis.evalsha(digest, keys.length, ...keys, ...args))
  } catch (error) {
    if (!isUnknownScript(error)) throw error
    return answer.parse(await redis.eval(lua, keys.length, ...keys, ...args))
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
