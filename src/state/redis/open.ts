import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { BridgeConfig } from '../../config/schema.ts'
import { withTimeout } from '../../kernel/async.ts'
import { ConfigError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { backOff, connectRedis, waitForRedis } from './connect.ts'
import { type Contact, watchContact } from './contact.ts'
import { type PrivateRedis, privateSocket, startPrivateRedis } from './private.ts'

/** The connections of the bridge to its Redis, wherever that runs. */
type OpenRedis = Contact & {
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

/** How long one that is just being started may take to give up. */
const STARTING_MS = 1_000

/** The private Redis, which may still be on its way. */
type KeptRedis = {
  /** Path of its unix socket. */
  url: string
  /** Why it does not run, in words for the operator; `undefined` while nothing is known to be wrong. */
  problem(): string | undefined
  /** Has it write its files anew, without what was deleted. */
  rewriteFiles(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts the private Redis. One that takes long, since its files are large, and one that does not start go on being waited
 * for behind the caller's back, because webhooks can be taken in without it.
 *
 * @throws {ConfigError} when it is plain within the `patience` that an operator has to do something first.
 */
export async function keepPrivateRedis(options: {
  dir: string
  log: Logger
  /** Ends when the caller goes on without it. */
  patience: AbortSignal
}): Promise<KeptRedis> {
  const { dir, log, patience } = options
  const url = await privateSocket(dir)
  const stopping = new AbortController()
  const { signal } = stopping
  let problem: string | undefined

  async function attempt(): Promise<PrivateRedis | undefined> {
    try {
      const server = await startPrivateRedis({ dir, log, signal })
      problem = undefined
      return server
    } catch (error) {
      if (signal.aborted || (isForOperator(error) && !patience.aborted)) throw error
      log.error({ err: error }, 'The private Redis does not start; webhooks wait on disk')
      problem = 'The private Redis does not start: the log says why'
      return undefined
    }
  }

  async function untilUp(): Promise<PrivateRedis> {
    for (let tried = 0; ; tried += 1) {
      const server = await attempt()
      if (server !== undefined) return server
      await backOff(tried, signal)
    }
  }

  const starting = untilUp()
  await Promise.race([starting, ended(patience)])
  return {
    url,
    problem: () => problem,
    rewriteFiles: async () => (await starting).rewriteFiles(),
    async stop() {
      stopping.abort()
      // One that does not give up in time is no server yet; its process, if there is one, ends with this one.
      const server = await withTimeout(
        STARTING_MS,
        starting.catch(() => undefined),
        () => undefined,
      )
      await server?.stop()
    },
  }
}

/** What its files or the machine do to it may pass; a missing program or a folder in use does not. */
function isForOperator(error: unknown): boolean {
  return error instanceof ConfigError && error.code !== 'redis.start_failed'
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
