import { ConfigError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { within } from '../within.ts'
import { backOff } from './back-off.ts'
import { type PrivateRedis, privateSocket, startPrivateRedis } from './private.ts'

/** How long one that is just being started may take to give up. */
const STARTING_MS = 1_000

/** The private Redis, which may still be on its way. */
export type KeptRedis = {
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
      const server = await within(
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
