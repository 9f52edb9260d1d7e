import { isNewEnough } from '../../../state/redis/probe.ts'
import { type Finding, failed, warning } from '../check.ts'

/** Fields of `INFO`, and settings the server lets us read. */
export type RedisFacts = Readonly<Record<string, string | undefined>>

type Rule = (facts: RedisFacts) => Finding | undefined

const NEARLY_FULL = 0.8
const FULL = 0.95

const RULES: readonly Rule[] = [
  ({ redis_version: version = '' }) => {
    if (isNewEnough(version)) return undefined
    return failed(
      'redis.too_old',
      `version ${version} is too old.`,
      'Update to Redis 6.2 or newer, or Valkey.',
    )
  },
  ({ role }) =>
    role === 'slave'
      ? failed(
          'redis.replica',
          'it is a read-only replica.',
          'Set redis.url to the primary, or to an address that follows it.',
        )
      : undefined,
  ({ aof_enabled: enabled }) =>
    enabled === '0'
      ? failed(
          'redis.appendonly',
          'appendonly is off: what waits to be delivered is lost when Redis restarts.',
          'Set "appendonly yes" in redis.conf, or run: redis-cli config set appendonly yes',
        )
      : undefined,
  ({ aof_enabled: enabled, appendfsync }) =>
    enabled === '1' && appendfsync !== undefined && appendfsync !== 'always'
      ? warning(
          'redis.appendfsync',
          `appendfsync is ${appendfsync}: a power cut can cost webhooks that were already answered.`,
          'Set "appendfsync always" in redis.conf, or run: redis-cli config set appendfsync always',
        )
      : undefined,
  ({ maxmemory_policy: policy }) =>
    policy !== undefined && policy !== 'noeviction'
      ? failed(
          'redis.eviction',
          `maxmemory-policy is ${policy}: when memory is short Redis drops messages that wait.`,
          'Set "maxmemory-policy noeviction" in redis.conf, or run: redis-cli config set maxmemory-policy noeviction',
        )
      : undefined,
  ({ aof_last_write_status: status }) =>
    status === 'err'
      ? failed(
          'redis.write_error',
          'its last write to disk failed.',
          'Look into the log of Redis; most often its disk is full.',
        )
      : undefined,
  memory,
]

function memory({ maxmemory, used_memory: used }: RedisFacts): Finding | undefined {
  const share = Number(maxmemory) > 0 ? Number(used) / Number(maxmemory) : 0
  if (!(share >= NEARLY_FULL)) return undefined
  const found = `${Math.round(share * 100)} % of its memory is in use; once it is full it takes no webhook.`
  const mend = 'Raise maxmemory of Redis, or find out what else is kept in it.'
  return share >= FULL
    ? failed('redis.memory_full', found, mend)
    : warning('redis.memory', found, mend)
}

/** Settings with which a Redis could lose webhooks. */
export function judgeRedis(facts: RedisFacts): Finding[] {
  return RULES.flatMap((rule) => rule(facts) ?? [])
}

/** `INFO` as fields. */
export function readInfo(info: string): RedisFacts {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
}
