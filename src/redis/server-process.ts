import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../errors.ts'

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
export const isAlive = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null

/** The last thing a server wrote before it ended, for the operator. */
export async function lastWords(dir: string): Promise<string> {
  const log = await readFile(join(dir, 'redis.log'), 'utf8').catch(() => '')
  const line = log.trimEnd().split('\n').at(-1) ?? ''
  return line.replace(/^\S+ .*? [#*.-] /, '') || 'it said nothing.'
}
