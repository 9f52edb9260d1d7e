import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { type Finding, failed, ok, orOk } from '../check.ts'
import { findExecutable } from '../executable.ts'
import { describeNetwork } from '../network.ts'
import type { BridgeCheck } from './context.ts'
import { judgeRedis, type RedisFacts, readInfo } from './redis-settings.ts'

const TIMEOUT_MS = 4000

/** The configured Redis, or what a private one needs. */
export const redis: BridgeCheck = {
  id: 'redis',
  title: 'Redis',
  async run({ config, env }) {
    if (config.redis === undefined) return [await checkPrivateRedis(env.PATH)]
    return await checkRedis(config.redis.url)
  },
}

async function checkRedis(url: string): Promise<Finding[]> {
  const connection = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
  })
  // The rejection of connect() only says that the connection is closed; the reason comes by this event.
  let reason: Error | undefined
  connection.on('error', (error) => {
    reason = error
  })
  try {
    await connection.connect()
    const facts = await readFacts(connection)
    return orOk(judgeRedis(facts), `version ${facts.redis_version}, keeps what it is given.`)
  } catch (error) {
    return [noRedis(reason ?? error)]
  } finally {
    connection.disconnect()
  }
}

async function readFacts(connection: Redis): Promise<RedisFacts> {
  const facts = readInfo(await connection.info())
  return { ...facts, appendfsync: await setting(connection, 'appendfsync') }
}

/** Hosted servers forbid CONFIG; what they do not tell is not judged. */
async function setting(connection: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = (await connection.config('GET', name)) as string[]
    return value
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return undefined
    throw error
  }
}

function noRedis(error: unknown): Finding {
  const { message = '', code } = error as { message?: string; code?: unknown }
  if (/NOAUTH|WRONGPASS|invalid password|NOPERM/i.test(message)) {
    return failed(
      'redis.password',
      'it refuses the user or the password.',
      'Set redis.url to redis://:password@host:port, with the user before the colon if there is one.',
    )
  }
  const { found, mend } = describeNetwork(code === 'ENOENT' ? 'ECONNREFUSED' : code)
  return failed(
    'redis.unreachable',
    `it cannot be reached: ${found}.`,
    `${mend} Its address is in redis.url; without redis in the configuration the bridge runs its own.`,
  )
}

const run = promisify(execFile)

/** Without `redis.url` the bridge starts a server of its own, which has to be installed. */
async function checkPrivateRedis(path: string | undefined): Promise<Finding> {
  const program = await findExecutable(['redis-server', 'valkey-server'], path)
  if (program === undefined) {
    return failed(
      'redis.missing',
      'redis-server is not installed, and no redis.url is configured.',
      'Install it ("apt install redis-server", "apk add redis", "dnf install redis" or "brew install redis"), or set redis.url.',
    )
  }
  const { stdout } = await run(program, ['--version'], { timeout: 4000 })
  return judgeServerVersion(stdout)
}

/** `Redis server v=7.0.15 sha=…`. Valkey of any version is new enough: it began with 7.2. */
export function judgeServerVersion(output: string): Finding {
  const version = /\bv=(\d+(?:\.\d+)*)/.exec(output)?.[1] ?? ''
  const [tooOld] = /valkey/i.test(output) ? [] : judgeRedis({ redis_version: version })
  return tooOld ?? ok(`a private one, version ${version}.`)
}
