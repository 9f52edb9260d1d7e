import type { Redis } from 'ioredis'
import { z } from 'zod'
import { createScript } from '../../redis/script.ts'

/**
 * The Lua behind the lanes. Each script is one atomic step, so a crash leaves a lane as it was before or as it
 * is after, never between.
 *
 * What a lane is made of: order (zset id → order), entries (hash id → JSON), index (zset lane → arrival of
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

-- What is put first although it came last does not make the others younger.
local function keepOldest(order, index, lane)
  reindex(order, index, lane, tonumber(redis.call('ZSCORE', index, lane)))
end
`

/**
 * All entries or none: a key that holds something else is found before anything is written.
 *
 * KEYS sequence, waiting, then for each entry order, entries, index. ARGV for each entry lane, counter, order, receivedAt,
 * body, what breaks ties before the padded sequence.
 */
const APPEND = `${REINDEX}
for n = 3, #KEYS do
  local is = redis.call('TYPE', KEYS[n]).ok
  local wanted = n % 3 == 1 and 'hash' or 'zset'
  if is ~= 'none' and is ~= wanted then
    return redis.error_reply('WRONGTYPE A lane is kept in a ' .. wanted .. ' but there is a ' .. is)
  end
end
for n = 0, #ARGV / 6 - 1 do
  local order, entries, index = KEYS[3 * n + 3], KEYS[3 * n + 4], KEYS[3 * n + 5]
  local lane, counter, place = ARGV[6 * n + 1], ARGV[6 * n + 2], ARGV[6 * n + 3]
  local receivedAt, body, tie = ARGV[6 * n + 4], ARGV[6 * n + 5], ARGV[6 * n + 6]
  local id = tie .. string.format('%016d', redis.call('INCR', KEYS[1])) .. '.' .. receivedAt
  redis.call('ZADD', order, place, id)
  redis.call('HSET', entries, id, body)
  redis.call('HINCRBY', KEYS[2], counter, 1)
  keepOldest(order, index, lane)
end
return 1`

/** KEYS order, entries. The first id and its body, or nil. */
const HEAD = `
local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not first then return false end
return { first, redis.call('HGET', KEYS[2], first) }`

/** KEYS entries; ARGV id, body. Only an entry that is still there is saved: a removed one must not come back. */
const SAVE = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`

/** KEYS order, entries, index, waiting; ARGV lane, counter, order, id, body. What is there already stays as it is. */
const RESTORE = `${REINDEX}
if redis.call('HSETNX', KEYS[2], ARGV[4], ARGV[5]) == 0 then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[4])
redis.call('HINCRBY', KEYS[4], ARGV[2], 1)
keepOldest(KEYS[1], KEYS[3], ARGV[1])
return 1`

/** KEYS order, entries, index, waiting; ARGV lane, counter, id. */
const REMOVE = `${REINDEX}
local removed = redis.call('ZREM', KEYS[1], ARGV[3])
if removed == 1 then
  redis.call('HDEL', KEYS[2], ARGV[3])
  if redis.call('HINCRBY', KEYS[4], ARGV[2], -1) <= 0 then redis.call('HDEL', KEYS[4], ARGV[2]) end
end
reindex(KEYS[1], KEYS[3], ARGV[1])
return removed`

/** The scripts, on a connection. */
export function createLaneScripts(redis: Redis) {
  return {
    append: createScript(redis, APPEND, z.literal(1)),
    head: createScript(redis, HEAD, z.tuple([z.string(), z.string().nullable()]).nullable()),
    save: createScript(redis, SAVE, z.int()),
    restore: createScript(redis, RESTORE, z.int()),
    remove: createScript(redis, REMOVE, z.int()),
  }
}
