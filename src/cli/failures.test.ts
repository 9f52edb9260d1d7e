import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINIMAL_YAML } from '../config/testing.ts'
import { run } from './testing/spawn.ts'

let dir: string
let config: string
let tokenless: string
let server: Server
let port: string
let asked: {
  url: string | undefined
  method: string | undefined
  authorization: string | undefined
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-'))
  config = join(dir, 'bridge.yaml')
  tokenless = join(dir, 'tokenless.yaml')
  await writeFile(tokenless, MINIMAL_YAML)
  const withToken = MINIMAL_YAML.replace(
    'server:',
    'server:\n  adminToken: planted-long-admin-token',
  )
  await writeFile(config, withToken)
  server = createServer(({ url, method, headers }, response) => {
    asked = { url, method, authorization: headers.authorization }
    const known = url?.startsWith('/admin/api/failures/retry')
    response.statusCode = known ? 200 : 404
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(known ? { retried: 2 } : { error: 'There is no such thing.' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = String((server.address() as AddressInfo).port)
})
afterAll(async () => {
  server.close()
  await rm(dir, { recursive: true })
})

const cli = (file: string, args: string[], PORT = port) =>
  run('main.ts', [...args, '--config', file], { PORT })

describe('failures', () => {
  it('retry --all hands on the filter and the token', async () => {
    const { exit, stdout } = cli(config, ['failures', 'retry', '--all', '-d', 'in'])
    expect(await exit).toBe(0)
    expect(stdout()).toBe('2 put back.\n')
    expect(asked).toEqual({
      url: '/admin/api/failures/retry?direction=in',
      method: 'POST',
      authorization: 'Bearer planted-long-admin-token',
    })
  })

  it('retry wants an id or --all, not both and not none', async () => {
    for (const [args, words] of [
      [[], 'give an id, or --all'],
      [['sales.1.1', '--all'], 'give only one of an id and --all'],
    ] as const) {
      const { exit, stderr } = cli(config, ['failures', 'retry', ...args])
      expect(await exit).toBe(1)
      expect(stderr()).toContain(words)
    }
  })

  it('say what the bridge said, on one line', async () => {
    const { exit, stderr } = cli(config, ['failures', 'show', 'sales.1.1'])
    expect(await exit).toBe(1)
    expect(stderr()).toBe('There is no such thing.\n')
  })

  it('need the token, and a bridge that runs', async () => {
    const without = cli(tokenless, ['failures', 'list'])
    expect(await without.exit).toBe(1)
    expect(without.stderr()).toContain('server.adminToken')
    const alone = cli(config, ['failures', 'list', '--json'], '9')
    expect(await alone.exit).toBe(1)
    expect(JSON.parse(alone.stdout())).toMatchObject({ error: { code: 'cli.no_bridge' } })
    expect(alone.stdout()).not.toContain('planted')
  })
})
