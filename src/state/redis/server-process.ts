import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { lstat, mkdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { ConfigError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { isAlive } from '../process-life.ts'
import { meansNobody } from './probe.ts'

/** Valkey is the same server under another name. */
const COMMANDS = ['redis-server', 'valkey-server']

const MISSING =
  'redis-server is not installed: install it with "apt install redis-server", "apk add redis", "dnf install redis" or "brew install redis", or set redis.url to a Redis that runs elsewhere.'

/** Everything accepted has to survive a crash, so every write is on disk before it is answered. */
function settings(socket: string, dir: string): string[] {
  return Object.entries({
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    loglevel: 'warning',
    logfile: join(dir, 'redis.log'),
  }).flatMap(([name, value]) => [`--${name}`, value])
}

/**
 * Starts a redis-server. It leads a process group of its own, so that Ctrl-C in a terminal reaches the bridge
 * only, which still has things to write.
 *
 * @throws {ConfigError} `redis.missing` when there is no redis-server on the PATH.
 */
export async function spawnServer(socket: string, dir: string): Promise<ChildProcess> {
  for (const command of COMMANDS) {
    const child = spawn(command, settings(socket, dir), { stdio: 'ignore', detached: true })
    try {
      await once(child, 'spawn')
      child.once(
        'exit',
        endWithUs(() => child.kill('SIGKILL')),
      )
      // It may outlive the bridge, which must not wait for it when it exits on its own.
      child.unref()
      return child
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  throw new ConfigError(MISSING, { code: 'redis.missing' })
}

/**
 * When this process ends of its own accord, whatever hangs, the server ends with it: by a signal that needs no waiting, since
 * all that was acknowledged is on disk. Only when this process is killed does the server stay, and is used again. Gives back
 * what takes note that the server is gone.
 */
export function endWithUs(kill: () => void): () => void {
  process.once('exit', kill)
  return () => void process.off('exit', kill)
}

/** Whether a server that was started here is still there. */
export const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null

/** The last thing a server wrote before it ended, for the operator. */
export async function lastWords(dir: string): Promise<string> {
  const log = await readFile(join(dir, 'redis.log'), 'utf8').catch(() => '')
  const line = log.trimEnd().split('\n').at(-1) ?? ''
  return line.replace(/^\S+ .*? [#*.-] /, '') || 'it said nothing.'
}

const POLL_MS = 25

/** What is tried in turn, and how long each may take: what was acknowledged is on disk, so none has to be waited for long. */
const STEPS = [
  { name: 'SHUTDOWN', waitMs: 1500 },
  { name: 'SIGTERM', waitMs: 500 },
  { name: 'SIGKILL', waitMs: 1000 },
] as const

type Server = { connection: Redis; pid: number }

/** Ends a server, by asking, then by signal. One that hangs is ended all the same. */
export async function stopServer(server: Server, socket: string, log: Logger): Promise<void> {
  for (const { name, waitMs } of STEPS) {
    if (name !== 'SHUTDOWN')
      log.warn({ pid: server.pid, step: name }, 'Private Redis is slow to end')
    attempt(server, name)
    if (await isGone(server, socket, waitMs)) break
  }
  server.connection.disconnect()
}

function attempt({ connection, pid }: Server, step: (typeof STEPS)[number]['name']): void {
  if (step === 'SHUTDOWN') {
    // The append-only file holds everything already; a snapshot would only cost time. It ends the connection instead of
    // answering, and whether the server is gone is looked at next in any case.
    connection.shutdown('NOSAVE').catch(() => {})
    return
  }
  try {
    process.kill(pid, step)
  } catch {
    // It may be gone before its signal comes.
  }
}

/**
 * Nobody at the socket is the one sign that also fits a server of another container. Of one of ours the process is gone as
 * well a moment later.
 */
async function isGone({ pid }: Server, socket: string, waitMs: number): Promise<boolean> {
  let isListening = true
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await wait(POLL_MS)) {
    isListening = await isListenedAt(socket)
    if (!isListening && !isAlive(pid)) return true
  }
  return !isListening
}

/** Asks for no answer: a server that hangs listens as well. */
function isListenedAt(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(path)
  socket.once('connect', () => resolve(true))
  socket.once('error', (error) => resolve(!meansNobody(error)))
  return promise.finally(() => socket.destroy())
}

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, with a zero at the end. */
const MAX_SOCKET_PATH = 103

/**
 * Where the private Redis listens: in its own folder, or, where that path is too long for a socket, in a
 * folder of the system's temporary one that is named after it.
 */
export async function socketPath(dir: string, temporary = tmpdir()): Promise<string> {
  const usual = join(dir, 'redis.sock')
  if (Buffer.byteLength(usual) <= MAX_SOCKET_PATH) return usual
  const hash = createHash('sha256').update(dir).digest('hex').slice(0, 16)
  const folder = join(temporary, `wasender-chatwoot-${hash}`)
  const short = join(folder, 'redis.sock')
  if (Buffer.byteLength(short) > MAX_SOCKET_PATH) throw tooLong(dir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await assertOurs(folder)
  return short
}

/** Anybody can make folders in the temporary one; only one that nobody else can enter is used. */
async function assertOurs(folder: string): Promise<void> {
  const stat = await lstat(folder)
  const ours = stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
  if (ours) return
  throw new ConfigError(
    `The folder ${folder} for the socket of the private Redis belongs to somebody else or is open to others. Remove it, or give data.dir a shorter path.`,
    { code: 'redis.socket_folder' },
  )
}

function tooLong(dir: string): ConfigError {
  return new ConfigError(
    `The path ${dir} is too long for a socket and so is the system's temporary folder. Give data.dir a shorter path.`,
    { code: 'redis.socket_path' },
  )
}
