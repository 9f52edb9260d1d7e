import { z } from 'zod'
import { luaScript } from '../../state/redis/script.ts'

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

/** ARGV id, body, message id or nothing, position of the direction. */
const ADD = `${DROP}
if ARGV[3] ~= '' then
  local before = redis.call('HGET', KEYS[2], ARGV[3])
  if before and before ~= ARGV[1] then drop(before) end
  redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
end
if redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[3 + tonumber(ARGV[4])], redis.call('INCR', KEYS[3]), ARGV[1])
end
return 1`

/** ARGV id, message id or nothing. Whether it was there. */
const REMOVE = `${DROP}
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[1] then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
return drop(ARGV[1])`

export const FAILURE_SCRIPTS = {
  add: luaScript(ADD, z.literal(1)),
  remove: luaScript(REMOVE, z.int()),
}
