import type { Redis } from 'ioredis'

/**
 * The Lua behind the dead letters. KEYS: bodies (hash id → JSON), messages (hash Chatwoot message id → id), sequence,
 * then the order (zset id → sequence) of each direction.
 */
const DROP = `
local function drop(id)
  for n = 4, #KEYS do redis.call('ZREM', KEYS[n], id) end
  return redis.call('HDEL', KEYS[1], id)
end
`

const SCRIPTS = {
  /** ARGV id, body, message id or nothing, position of the direction. */
  failureAdd: {
    numberOfKeys: 6,
    lua: `${DROP}
if ARGV[3] ~= '' then
  local before = redis.call('HGET', KEYS[2], ARGV[3])
  if before and before ~= ARGV[1] then drop(before) end
  redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
end
if redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[3 + tonumber(ARGV[4])], redis.call('INCR', KEYS[3]), ARGV[1])
end
return 1`,
  },
  /** ARGV id, message id or nothing. */
  failureRemove: {
    numberOfKeys: 6,
    lua: `${DROP}
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[1] then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
return drop(ARGV[1])`,
  },
} as const

type FailureScripts = {
  failureAdd(...args: (string | number)[]): Promise<number>
  failureRemove(...args: (string | number)[]): Promise<number>
}

/** Registers the scripts with a connection and hands them back. */
export function defineFailureScripts(redis: Redis): FailureScripts {
  for (const [name, script] of Object.entries(SCRIPTS)) redis.defineCommand(name, script)
  return redis as Redis & FailureScripts
}
