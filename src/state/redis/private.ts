import { chmod, mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { withTimeout } from '../../kernel/async.ts'
import { ConfigError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { backOff } from './connect.ts'
import { hasOwner, isNewEnough, OWNER_NAME, type Probe, probe } from './probe.ts'
import {
  endWithUs,
  isRunning,
  lastWords,
  socketPath,
  spawnServer,
  stopServer,
} from './server-process.ts'

type Ready = Extract<Probe, { state: 'ready' }>

/** A redis-server of the bridge alone. */
export type PrivateRedis = {
  /** Path of its unix socket, which ioredis and `connectRedis` take as a URL. Stays the same for good. */
  readonly url: string
  /** Process id of the server; a new one after it was restarted. */
  readonly pid: number
  /** Has it write its files anew, without what was deleted. Resolves when that is done, or goes on for long. */
  rewriteFiles(): Promise<void>
  /** Ends the server; everything is on disk when it resolves. Close other connections first. */
  stop(): Promise<void>
}

const POLL_MS = 25
/** How long the connection of a bridge that was just killed may still be listed. */
const OWNER_GRACE_MS = 3000
/** How long one that is just being started again may take to give up; what is left of it ends with this process. */
const RESTARTING_MS = 1_000

/**
 * Runs a redis-server of the bridge's own in `dir`. One that survived a crash of the bridge
 * is used again, one that dies is started again.
 *
 * @throws {ConfigError} when there is no redis-server, when it does not start, or when another bridge uses `dir`.
 */
export async function startPrivateRedis(options: {
  /** Folder of its files and, if the path is short enough, its socket. Made when it is missing. */
  dir: string
  log: Logger
  /** Ends the wait for a server that takes long; the promise is rejected with its reason. */
  signal?: AbortSignal | undefined
  /** Before the files are first written anew, in milliseconds. */
  firstRewriteMs?: number
}): Promise<PrivateRedis> {
  const { log } = options
  const dir = resolve(options.dir)
  const socket = await privateSocket(dir)

  const stopping = new AbortController()
  let server = await acquire({ socket, dir, signal: options.signal }, log)
  let restarting = Promise.resolve()

  const watch = () =>
    server.connection.once('end', () => {
      if (stopping.signal.aborted) return
      log.error({ pid: server.pid }, 'The private Redis died and is started again')
      restarting = restart()
    })

  async function restart(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      try {
        server = await acquire({ socket, dir, signal: stopping.signal }, log)
        return void watch()
      } catch (err) {
        if (stopping.signal.aborted) return
        log.error({ err, attempt }, 'The private Redis could not be started again')
        await backOff(attempt, stopping.signal)
      }
    }
  }

  const rewrite = () => rewriteFiles(server.connection)
  const stopRewriting = rewriteNowAndThen(rewrite, { log, firstMs: options.firstRewriteMs })

  watch()
  return {
    url: socket,
    rewriteFiles: rewrite,
    get pid() {
      return server.pid
    },
    async stop() {
      stopping.abort()
      stopRewriting()
      await withTimeout(RESTARTING_MS, restarting, () => {})
      await stopServer(server, socket, log)
    },
  }
}

/** Where the private Redis of a folder listens. Makes the folder, which nobody else may enter. */
export async function privateSocket(folder: string): Promise<string> {
  const dir = resolve(folder)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await chmod(dir, 0o700)
  return socketPath(dir)
}

/** Where a server listens, where its files are, and how long it is waited for. */
type Place = { socket: string; dir: string; signal: AbortSignal | undefined }

/** Finds or starts the server and becomes its owner. */
async function acquire(place: Place, log: Logger): Promise<Ready> {
  const found = await probe(place.socket, place.dir)
  const server = found.state === 'nobody' ? await start(place) : await ready(found, place)
  await own(server)
  if (found.state !== 'nobody') survivorEndsWithUs(server)
  await assertVersion(server)
  log.info({ pid: server.pid, version: server.version, found: found.state }, 'Private Redis is up')
  return server
}

async function start({ socket, dir, signal }: Place): Promise<Ready> {
  // Left behind by a server that was killed; nobody listens on it.
  await rm(socket, { force: true })
  const child = await spawnServer(socket, dir)
  for (;;) {
    const seen = await probe(socket, dir)
    if (seen.state === 'ready') return seen
    if (!isRunning(child)) throw await didNotStart(dir)
    if (signal?.aborted === true) {
      // While it reads its files it ends at once, and there is nothing yet to be written.
      child.kill('SIGTERM')
      throw signal.reason
    }
    await wait(POLL_MS)
  }
}

/** Waits, without a limit, until a server has read its files: large ones take a while. */
async function ready(found: Probe, place: Place): Promise<Ready> {
  let seen = found
  while (seen.state === 'busy') {
    place.signal?.throwIfAborted()
    await wait(POLL_MS)
    seen = await probe(place.socket, place.dir)
  }
  return seen.state === 'ready' ? seen : start(place)
}

async function own({ connection }: Ready): Promise<void> {
  for (let waited = 0; await hasOwner(connection); waited += POLL_MS) {
    if (waited >= OWNER_GRACE_MS) {
      connection.disconnect()
      throw new ConfigError(
        'Another bridge already uses this data.dir. Stop it, or give this one a data.dir of its own.',
        { code: 'redis.in_use' },
      )
    }
    await wait(POLL_MS)
  }
  await connection.client('SETNAME', OWNER_NAME)
  // A survivor may have been changed by hand.
  await connection.config('SET', 'appendfsync', 'always')
  await connection.config('SET', 'maxmemory-policy', 'noeviction')
}

function survivorEndsWithUs({ connection, pid }: Ready): void {
  const ended = endWithUs(() => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It is gone, and its connection has just not told so yet.
    }
  })
  connection.once('end', ended)
}

async function assertVersion({ connection, version }: Ready): Promise<void> {
  if (isNewEnough(version)) return
  await connection.shutdown('NOSAVE').catch(() => connection.disconnect())
  throw new ConfigError(`redis-server ${version} is too old: 6.2 or newer is needed.`, {
    code: 'redis.too_old',
  })
}

async function didNotStart(dir: string): Promise<ConfigError> {
  return new ConfigError(`The private Redis in ${dir} does not start: ${await lastWords(dir)}`, {
    code: 'redis.start_failed',
  })
}

/** Until its files are written anew, what was deleted, such as the text of a delivered message, is still in them. */
const EVERY_MS = 12 * 3_600_000
/** Soon after a start too: a bridge may never run for half a day at a stretch. */
const FIRST_MS = 60_000
const REWRITE_POLL_MS = 50
/** Large files take a while; what goes on for longer goes on without anybody waiting. */
const PATIENCE_MS = 30_000

/** Has Redis write its append-only file anew, and resolves when that is done. */
async function rewriteFiles(connection: Redis): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  // One that is under way may have begun before the deletion.
  await untilIdle(connection, deadline)
  await connection.bgrewriteaof()
  await untilIdle(connection, deadline)
}

async function untilIdle(connection: Redis, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    const info = await connection.info('persistence')
    if (!/^aof_rewrite_(?:in_progress|scheduled):1/m.test(info)) return
    await wait(REWRITE_POLL_MS)
  }
}

/** Does so from time to time; gives back what ends that. */
function rewriteNowAndThen(
  rewrite: () => Promise<void>,
  { log, firstMs = FIRST_MS }: { log: Logger; firstMs?: number | undefined },
): () => void {
  let timer = setTimeout(work, firstMs).unref()
  function work(): void {
    timer = setTimeout(work, EVERY_MS).unref()
    rewrite().catch((err) => log.warn({ err }, 'The private Redis did not write its files anew'))
  }
  return () => clearTimeout(timer)
}
