import { setTimeout as wait } from 'node:timers/promises'
import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from '../../kernel/log.ts'

/** What a connection is for; decides how it behaves while Redis is away. */
type RedisUse =
  /** BullMQ workers: commands wait until Redis is back. */
  | 'queue'
  /** Everything else: commands fail within seconds, so that the spool can take over. */
  | 'commands'

const BY_USE = {
  // BullMQ refuses blocking connections that give up on a command; it blocks for ten seconds at most.
  queue: { maxRetriesPerRequest: null, socketTimeout: 20_000 },
  // A command that was sent and lost its answer is not sent again: the caller decides.
  commands: {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 5000,
    // A peer that vanished without a word would never be noticed otherwise.
    socketTimeout: 6000,
  },
} satisfies Record<RedisUse, RedisOptions>

const MAX_RECONNECT_MS = 2000

type ConnectRedisOptions = {
  use?: RedisUse
  /** Told when the connection is lost and when it is back. */
  log?: Logger | undefined
}

/**
 * A connection that comes back by itself. `url` is `redis://`, `rediss://` or the path of a unix socket. A
 * connection for `commands` takes commands once it is ready; see {@link waitForRedis}.
 */
export function connectRedis(
  url: string,
  { use = 'commands', log }: ConnectRedisOptions = {},
): Redis {
  const redis = new Redis(url, {
    ...BY_USE[use],
    connectTimeout: 5000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_MS),
    // After a failover the old connection may lead to a read-only replica.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  // Without a listener ioredis writes every failed attempt to the console.
  let away = false
  redis.on('error', (err: Error) => {
    if (!away) log?.warn({ err, use }, 'Redis cannot be reached')
    away = true
  })
  redis.on('ready', () => {
    if (away) log?.info({ use }, 'Redis is back')
    away = false
  })
  return redis
}

/** Resolves when the connection takes commands. It waits as long as it takes; `signal` ends the wait. */
export function waitForRedis(redis: Redis, signal?: AbortSignal): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = () => reject(signal?.reason)
  const onEnd = () => reject(new Error('Connection is closed.'))
  redis.once('ready', resolve)
  redis.once('end', onEnd)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  return promise.finally(() => {
    redis.off('ready', resolve)
    redis.off('end', onEnd)
    signal?.removeEventListener('abort', onAbort)
  })
}

const FIRST_MS = 100
const MAX_MS = 10_000

/** Waits before the next attempt to start something, or less when it is to be stopped meanwhile. */
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(FIRST_MS * 2 ** attempt, MAX_MS)
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
