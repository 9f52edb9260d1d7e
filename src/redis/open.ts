import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { BridgeConfig } from '../config/schema.ts'
import type { Logger } from '../log.ts'
import { connectRedis, waitForRedis } from './connect.ts'
import { type Contact, watchContact } from './contact.ts'
import { keepPrivateRedis } from './keep-private.ts'

/** The connections of the bridge to its Redis, wherever that runs. */
export type OpenRedis = Contact & {
  /** Commands fail fast while Redis is away. */
  commands: Redis
  /** A new connection for a queue or a worker; closed with the rest. */
  forQueue(): Redis
  /** Has the private Redis write its files anew, without what was deleted; those of another one are its operator's. */
  rewriteFiles(): Promise<void>
  /** Has nobody wait any longer for a Redis that is away; nothing if it is there. */
  letGo(): Promise<void>
  close(): Promise<void>
}

/** Webhooks are lost while nobody listens, so a Redis that is slow to answer is not waited for. */
const PATIENCE_MS = 1_000

/**
 * The configured Redis, or a private one when none is configured. It need not be there yet: the
 * connections come by themselves, and until then `problem` says what is wrong.
 *
 * @throws {ConfigError} when the private one cannot be started before the operator has done something.
 */
export async function openRedis(deps: { config: BridgeConfig; log: Logger }): Promise<OpenRedis> {
  const { config, log } = deps
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const own =
    config.redis === undefined
      ? await keepPrivateRedis({ dir: join(config.data.dir, 'redis'), log, patience })
      : undefined
  const url = config.redis?.url ?? (own?.url as string)
  const commands = connectRedis(url, { use: 'commands', log })
  const connections = [commands]
  const contact = watchContact(commands, log)
  const problem = () => own?.problem() ?? contact.problem()
  const disconnect = () => {
    for (const connection of connections) connection.disconnect()
  }
  await isThere(commands, patience)

  return {
    commands,
    problem,
    forQueue() {
      const connection = connectRedis(url, { use: 'queue', log })
      connections.push(connection)
      return connection
    },
    async rewriteFiles() {
      await own?.rewriteFiles()
    },
    async letGo() {
      if (problem() !== undefined) disconnect()
    },
    async close() {
      disconnect()
      await own?.stop()
    },
  }
}

/** Whether commands are taken before the patience is over. */
async function isThere(redis: Redis, patience: AbortSignal): Promise<boolean> {
  try {
    await waitForRedis(redis, patience)
    return true
  } catch (error) {
    if (patience.aborted) return false
    throw error
  }
}
