/**
 * The Lua behind the lanes. Each script is one atomic step, so a crash leaves a lane as it was before or as it
 * is after, never between.
 *
 * KEYS of append and remove: order (zset id → order), entries (hash id → JSON), index (zset lane → arrival of
 * its oldest entry), waiting (hash direction:account → count).
 */
const REINDEX = `
local function reindex(order, index, lane, latest)
  local first = redis.call('ZRANGE', order, 0, 0)[1]
  if first then
    local arrival = tonumber(string.match(first, '%.(%d+)$'))
    redis.call('ZADD', index, math.min(arrival, latest or arrival), lane)
  else
    redis.call('ZREM', index, lane)
  end
end
`

/** What is put first although it came last does not make the others younger. */
const KEEP_OLDEST = `reindex(KEYS[1], KEYS[3], ARGV[1], tonumber(redis.call('ZSCORE', KEYS[3], ARGV[1])))`

export const LANE_SCRIPTS = {
  /** KEYS[5] sequence; ARGV lane, counter, order, receivedAt, body, what breaks ties before the padded sequence. */
  laneAppend: {
    numberOfKeys: 5,
    lua: `${REINDEX}
local id = ARGV[6] .. string.format('%016d', redis.call('INCR', KEYS[5])) .. '.' .. ARGV[4]
redis.call('ZADD', KEYS[1], ARGV[3], id)
redis.call('HSET', KEYS[2], id, ARGV[5])
redis.call('HINCRBY', KEYS[4], ARGV[2], 1)
${KEEP_OLDEST}
return id`,
  },
  /** The first id and its body, or nil. */
  laneHead: {
    numberOfKeys: 2,
    lua: `
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not first then return false end
return { first, redis.call('HGET', KEYS[2], first) }`,
  },
  /** Only an entry that is still there is saved: a removed one must not come back. */
  laneSave: {
    numberOfKeys: 1,
    lua: `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`,
  },
  /** ARGV lane, counter, order, id, body. What is there already stays as it is. */
  laneRestore: {
    numberOfKeys: 4,
    lua: `${REINDEX}
if redis.call('HSETNX', KEYS[2], ARGV[4], ARGV[5]) == 0 then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[4])
redis.call('HINCRBY', KEYS[4], ARGV[2], 1)
${KEEP_OLDEST}
return 1`,
  },
  /** ARGV lane, counter, id. */
  laneRemove: {
    numberOfKeys: 4,
    lua: `${REINDEX}
local removed = redis.call('ZREM', KEYS[1], ARGV[3])
if removed == 1 then
  redis.call('HDEL', KEYS[2], ARGV[3])
  if redis.call('HINCRBY', KEYS[4], ARGV[2], -1) <= 0 then redis.call('HDEL', KEYS[4], ARGV[2]) end
end
reindex(KEYS[1], KEYS[3], ARGV[1])
return removed`,
  },
} as const
