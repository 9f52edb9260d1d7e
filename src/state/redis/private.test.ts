import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ConfigError } from '../../kernel/errors.ts'
import { createLogger } from '../../kernel/log.ts'
import { connectRedis, waitForRedis } from './connect.ts'
import { type PrivateRedis, startPrivateRedis } from './private.ts'
import { probe } from './probe.ts'

const log = createLogger({ level: 'silent' })
const OWNER_FIXTURE = new URL('./testing/owner.ts', import.meta.url).pathname

let dir: string
const running: PrivateRedis[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redis-'))
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((redis) => redis.stop()))
  await rm(dir, { recursive: true })
})

async function start(at = dir): Promise<PrivateRedis> {
  const redis = await startPrivateRedis({ dir: at, log })
  running.push(redis)
  return redis
}

/** Runs a few commands over a connection of their own. */
async function using<T>(
  redis: PrivateRedis,
  work: (connection: ReturnType<typeof connectRedis>) => Promise<T>,
): Promise<T> {
  const connection = connectRedis(redis.url)
  try {
    await waitForRedis(connection)
    return await work(connection)
  } finally {
    connection.disconnect()
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('listens on a socket only its user can open and keeps every write', async () => {
  const redis = await start()
  expect((await stat(dir)).mode & 0o777).toBe(0o700)
  expect((await stat(redis.url)).mode & 0o777).toBe(0o700)
  const settings = await using(redis, async (connection) =>
    Promise.all(
      ['port', 'appendonly', 'appendfsync', 'maxmemory-policy', 'save', 'dir'].map(
        async (name) => ((await connection.config('GET', name)) as string[])[1],
      ),
    ),
  )
  expect(settings).toEqual(['0', 'yes', 'always', 'noeviction', '', dir])
})

it('keeps nothing of a deleted text in its files once they were written anew', async () => {
  const redis = await start()
  const text = 'nobody is to read this again'
  const files = async () => {
    const names = await readdir(dir, { recursive: true, withFileTypes: true })
    const paths = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
    return (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('')
  }
  await using(redis, async (connection) => {
    await connection.set('waiting', text)
    await connection.del('waiting')
  })
  expect(await files()).toContain(text)
  await redis.rewriteFiles()
  await expect.poll(files).not.toContain(text)
})

it('writes its files anew by itself', async () => {
  const redis = await startPrivateRedis({ dir, log, firstRewriteMs: 1 })
  running.push(redis)
  const info = () => using(redis, (connection) => connection.info('persistence'))
  await expect.poll(info).toMatch(/^aof_last_rewrite_time_sec:\d/m)
})

it('is gone after stop, and what was written is there at the next start', async () => {
  const first = await start()
  await using(first, (connection) => connection.set('key', 'value'))
  const { pid } = first
  await first.stop()
  await expect.poll(() => isRunning(pid)).toBe(false)
  expect(await using(await start(), (connection) => connection.get('key'))).toBe('value')
})

it('comes back with its data when it is killed', async () => {
  const redis = await start()
  const { pid } = redis
  await using(redis, (connection) => connection.set('key', 'value'))
  process.kill(pid, 'SIGKILL')
  expect(await using(redis, (connection) => connection.get('key'))).toBe('value')
  await expect.poll(() => redis.pid).not.toBe(pid)
})

it('comes back each time', async () => {
  const redis = await start()
  for (let round = 0; round < 3; round += 1) {
    const { pid } = redis
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => redis.pid).not.toBe(pid)
  }
  expect(await using(redis, (connection) => connection.ping())).toBe('PONG')
})

it('stops while it is being started again', async () => {
  const redis = await start()
  process.kill(redis.pid, 'SIGKILL')
  await redis.stop()
  expect(await probe(redis.url, dir)).toEqual({ state: 'nobody' })
})

it('is used again when it survived a crash of the bridge', async () => {
  const bridge = spawn(process.execPath, [OWNER_FIXTURE, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(bridge.stdout, 'data')
  const pid = Number(line)
  bridge.kill('SIGKILL')
  await once(bridge, 'exit')
  expect(isRunning(pid)).toBe(true)
  const redis = await start()
  expect(redis.pid).toBe(pid)
  expect(await using(redis, (connection) => connection.get('written by'))).toBe('the first bridge')
  await redis.stop()
  // Not by its process id: an orphan stays listed where nobody reaps it, as in many containers.
  expect(await probe(redis.url, dir)).toEqual({ state: 'nobody' })
})

it('is not shared with another living bridge', async () => {
  const first = await start()
  await expect(startPrivateRedis({ dir, log })).rejects.toMatchObject({ code: 'redis.in_use' })
  expect(await using(first, (connection) => connection.ping())).toBe('PONG')
})

it('replaces the socket a killed server left behind', async () => {
  const first = await start()
  const { pid, url } = first
  await first.stop()
  await writeFile(url, '')
  const second = await start()
  expect(second.pid).not.toBe(pid)
  expect(await using(second, (connection) => connection.ping())).toBe('PONG')
})

it('waits until a large file is read', async () => {
  const first = await start()
  await using(first, async (connection) => {
    await connection.eval("for i = 1, 200000 do redis.call('SET', 'k' .. i, 'v') end", 0)
  })
  await first.stop()
  expect(await using(await start(), (connection) => connection.dbsize())).toBe(200_000)
})

it('finds a shorter place for the socket of a long path', async () => {
  const long = join(dir, 'a'.repeat(60), 'b'.repeat(60))
  await mkdir(long, { recursive: true })
  const redis = await start(long)
  expect(redis.url.startsWith(long)).toBe(false)
  expect(await using(redis, (connection) => connection.ping())).toBe('PONG')
  await redis.stop()
  await rm(join(redis.url, '..'), { recursive: true })
})

it('says in one sentence how to get a redis-server', async () => {
  vi.stubEnv('PATH', join(dir, 'nothing-here'))
  try {
    const error = await startPrivateRedis({ dir, log }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      code: 'redis.missing',
      message: expect.stringMatching(/apt install.*apk add.*dnf install.*brew install/),
    })
  } finally {
    vi.unstubAllEnvs()
  }
})

it('tells what the server said when it does not start', async () => {
  await mkdir(join(dir, 'appendonlydir'))
  await writeFile(join(dir, 'appendonlydir', 'appendonly.aof.manifest'), 'not a manifest\n')
  await expect(start()).rejects.toMatchObject({
    code: 'redis.start_failed',
    message: expect.stringMatching(/does not start: .{10}/),
  })
})
