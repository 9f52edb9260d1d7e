/**
 * Sets or deletes one value together with its index entries, in one step. A record is three lines: its
 * sequence number, a JSON list of the index sets it is in, and the value's JSON. The value is never decoded
 * in Lua, which would spoil large numbers and empty lists.
 *
 * KEYS: records (hash), ages (sorted set), sequence (counter).
 * ARGV: 1 id; 2 `any` or `same`; 3 with `same`: the record that must be there, empty for none; 4 the value's
 * JSON, empty to delete; 5 JSON list of its index sets; 6 now in ms; 7 entries older than this go (ms, -1 for
 * none); 8 prefix of the index sets.
 * Answer: `{1}` when done, `{0, record}` when `same` did not hold (an empty record for none).
 */
export const writeScript = `
local records, ages, sequence = KEYS[1], KEYS[2], KEYS[3]
local id, mode, expected, value = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local sets, now, cutoff, prefix = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]

local function parse(record)
  return string.match(record, '^(%d+)\\n([^\\n]*)\\n')
end

local function remove(gone)
  local record = redis.call('HGET', records, gone)
  if not record then return end
  local _, old = parse(record)
  -- A damaged record does not tell which sets it is in; readers find out.
  local told, list = pcall(cjson.decode, old or '')
  for _, set in ipairs(told and list or {}) do redis.call('ZREM', prefix .. set, gone) end
  redis.call('HDEL', records, gone)
  redis.call('ZREM', ages, gone)
end

if cutoff >= 0 then
  local oldest = redis.call('ZRANGEBYSCORE', ages, '-inf', '(' .. ARGV[7], 'LIMIT', 0, 2)
  for _, gone in ipairs(oldest) do remove(gone) end
end

local current = redis.call('HGET', records, id) or ''
if mode == 'same' and current ~= expected then return {0, current} end

local seq = current ~= '' and parse(current) or nil
remove(id)
if value ~= '' then
  seq = seq or string.format('%.0f', redis.call('INCR', sequence))
  redis.call('HSET', records, id, seq .. '\\n' .. sets .. '\\n' .. value)
  if cutoff >= 0 then redis.call('ZADD', ages, now, id) end
  for _, set in ipairs(cjson.decode(sets)) do redis.call('ZADD', prefix .. set, seq, id) end
end
return {1}
`
