import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

export type TestRedis = {
  pid: number
  /** Path of the unix socket, in the form `new Redis(url)` takes. */
  url: string
  /** Stops the server and removes its files (not a `dir` that was handed in). */
  stop(): Promise<void>
  /** SIGKILL, as in a crash. The files stay until `stop()`, so that a server on the same `dir` can go on. */
  kill(): Promise<void>
}

export type TestRedisOptions = {
  /** Keep the files here instead of in a temporary folder: a second start goes on where the first stopped. */
  dir?: string
  /** Every write is on disk before it is answered, as the bridge's own server does. */
  durable?: boolean
}

/** Starts a private `redis-server` that listens on a unix socket only, and waits until it answers. */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'redis-')))
  const url = join(dir, 'redis.sock')
  const server = spawn('redis-server', serverArgs(dir, url, options.durable ?? false), {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stopped = end(server)
  await ready(server, url)
  return {
    pid: server.pid as number,
    url,
    stop: async () => {
      server.kill('SIGTERM')
      await stopped
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
    },
    kill: async () => {
      server.kill('SIGKILL')
      await stopped
    },
  }
}

function serverArgs(dir: string, socket: string, durable: boolean): string[] {
  const persistence = durable
    ? ['--appendonly', 'yes', '--appendfsync', 'always']
    : ['--appendonly', 'no']
  return ['--port', '0', '--unixsocket', socket, '--dir', dir, '--save', '', ...persistence]
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
}

/** A server that is loading its files refuses commands; ioredis waits for it before it answers `connect`. */
async function ready(server: ChildProcess, url: string): Promise<void> {
  let output = ''
  const listening = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      if (/ready to accept connections/i.test(output)) resolve()
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.on('error', reject)
    server.on('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${output}`)))
  })
  await listening
  const probe = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 })
  try {
    await probe.connect()
    await probe.ping()
  } finally {
    probe.disconnect()
  }
}
