import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Finding, failed, ok } from '../check.ts'
import { findExecutable } from '../executable.ts'
import { judgeRedis } from './redis-settings.ts'

const run = promisify(execFile)

/** Without `redis.url` the bridge starts a server of its own, which has to be installed. */
export async function checkPrivateRedis(path: string | undefined): Promise<Finding> {
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
