import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { BridgeConfig } from '../config/schema.ts'
import type { Logger } from '../log.ts'
import { connectRedis, waitForRedis } from './connect.ts'
import { startPrivateRedis } from './private.ts'

export type OpenRedis = {
  /** Commands fail fast while Redis is away. */
  commands: Redis
  /** A new connection for a queue or a worker; closed with the rest. */
  forQueue(): Redis
  close(): Promise<void>
}

/** The configured Redis, or a private one when none is configured (design section 5). */
export async function openRedis(deps: { config: BridgeConfig; log: Logger }): Promise<OpenRedis> {
  const { config, log } = deps
  const own =
    config.redis === undefined
      ? await startPrivateRedis({ dir: join(config.data.dir, 'redis'), log })
      : undefined
  const url = config.redis?.url ?? (own?.url as string)
  const commands = connectRedis(url, { use: 'commands', log })
  const connections = [commands]
  await waitForRedis(commands)
  return {
    commands,
    forQueue() {
      const connection = connectRedis(url, { use: 'queue', log })
      connections.push(connection)
      return connection
    },
    async close() {
      for (const connection of connections) connection.disconnect()
      await own?.stop()
    },
  }
}
