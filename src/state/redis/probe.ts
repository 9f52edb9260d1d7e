import { realpath } from 'node:fs/promises'
import { Redis } from 'ioredis'
import { ConfigError, TransientError } from '../../kernel/errors.ts'
import { storageTrouble } from '../storage-trouble.ts'
import { awayReason, refusedCommand } from './away.ts'
import type { Contact } from './contact.ts'

/** The name of the connection by which a bridge shows that it owns the private Redis. */
export const OWNER_NAME = 'bridge-owner'

/** What answers at a socket. */
export type Probe =
  | { state: 'nobody' }
  /** Somebody is there but does not work yet: it reads its files, or it hangs. */
  | { state: 'busy' }
  /** It works. `connection` stays open and does not reconnect: its end is the end of that server. */
  | { state: 'ready'; connection: Redis; pid: number; version: string }

/**
 * The only signs that nobody listens. Anything else, a time-out above all, may be a living server, and a second
 * one must never write to the same files.
 */
const NOBODY = new Set<unknown>(['ENOENT', 'ECONNREFUSED'])

/** Whether connecting failed because nobody listens. */
export const meansNobody = (error: unknown): boolean => NOBODY.has(codeOf(error))

/** Asks who answers at `socket`. @throws {ConfigError} when it is a Redis of another folder or bridge. */
export async function probe(socket: string, dir: string): Promise<Probe> {
  const connection = new Redis(socket, {
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 2000,
    retryStrategy: () => null,
  })
  // The rejection of a command only says that the connection is closed; the reason comes by this event.
  let reason: Error | undefined
  connection.on('error', (error) => {
    reason = error
  })
  try {
    await connection.connect()
    await connection.ping()
    return await identify(connection, dir)
  } catch (error) {
    connection.disconnect()
    if (error instanceof ConfigError) throw error
    return { state: meansNobody(reason ?? error) ? 'nobody' : 'busy' }
  }
}

async function identify(connection: Redis, dir: string): Promise<Probe> {
  const [, theirs] = (await connection.config('GET', 'dir')) as string[]
  if (theirs === undefined || (await realpath(theirs)) !== (await realpath(dir)))
    throw new ConfigError('Another redis-server listens at the socket of the private Redis.', {
      code: 'redis.foreign_server',
    })
  const info = await connection.info('server')
  return {
    state: 'ready',
    connection,
    pid: Number(field(info, 'process_id')),
    version: field(info, 'redis_version'),
  }
}

/** True when another living bridge owns this Redis. */
export async function hasOwner(connection: Redis): Promise<boolean> {
  const clients = String(await connection.client('LIST'))
  return clients.split('\n').some((line) => line.split(' ').includes(`name=${OWNER_NAME}`))
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** The oldest release the bridge works with. */
const [MAJOR, MINOR] = [6, 2]

/** Whether a server's version, such as `7.0.15`, is new enough: 6.2, or any Valkey. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > MAJOR || (major === MAJOR && minor >= MINOR)
}

/**
 * Whether Redis takes what webhooks bring. `tryOut` does with it what they need: a Redis that is full, a replica, or one
 * whose user may do little, still answers a PING.
 *
 * @throws {TransientError} `redis.away`, with the reason.
 */
export async function checkRedis(contact: Contact, tryOut: () => Promise<void>): Promise<void> {
  const problem = contact.problem()
  if (problem !== undefined) throw away(problem, problem)
  try {
    await tryOut()
  } catch (error) {
    const reason = awayReason(error) ?? refusedCommand(error) ?? 'unexpected answer'
    throw away(storageTrouble(error), reason)
  }
}

function away(what: string, reason: string): TransientError {
  return new TransientError(`${what}; webhooks wait on disk.`, {
    code: 'redis.away',
    context: { reason },
  })
}
