import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { renderJsonSchema } from '../config/json-schema.ts'
import { MINIMAL_YAML } from '../config/testing.ts'
import { run } from './testing/spawn.ts'

let dir: string
let good: string
let bad: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-'))
  good = join(dir, 'good.yaml')
  bad = join(dir, 'bad.yaml')
  await writeFile(good, MINIMAL_YAML)
  await writeFile(bad, MINIMAL_YAML.replace('inboxId', 'inboxID').replace('KEY', 'UNSET_KEY'))
})

afterAll(() => rm(dir, { recursive: true }))

describe('config', () => {
  it('print shows the configuration without secrets', async () => {
    const { exit, stdout } = run('main.ts', ['config', 'print', '--config', good])
    expect(await exit).toBe(0)
    expect(stdout()).not.toContain('planted')
    expect(parse(stdout()).accounts[0]).toMatchObject({
      wasender: { apiKey: '***' },
      options: { retryFor: '3d' },
    })
  })

  it('print takes the file from BRIDGE_CONFIG and gives JSON', async () => {
    const { exit, stdout } = run('main.ts', ['config', 'print', '--json'], { BRIDGE_CONFIG: good })
    expect(await exit).toBe(0)
    expect(JSON.parse(stdout()).accounts[0].id).toBe('sales')
  })

  it('schema prints what the stored file holds, and writes it', async () => {
    const printed = run('main.ts', ['config', 'schema'])
    const file = join(dir, 'schema.json')
    const written = run('main.ts', ['config', 'schema', '--output', file])
    expect([await printed.exit, await written.exit]).toEqual([0, 0])
    expect(printed.stdout()).toBe(renderJsonSchema())
    expect(await readFile(file, 'utf8')).toBe(renderJsonSchema())
  })

  it('shows warnings beside the result', async () => {
    const file = join(dir, 'warning.yaml')
    const text = MINIMAL_YAML.replace('wasender:', 'wasender:\n      baseUrl: www.wasenderapi.com')
    await writeFile(file, text)
    const { exit, stderr } = run('main.ts', ['config', 'print', '-c', file])
    expect(await exit).toBe(0)
    expect(stderr()).toMatch(/^warning: accounts\[0\]\.wasender\.baseUrl/)
  })
})

describe('errors', () => {
  it.each(['serve', 'config print'])(
    'of the configuration end %s with 1, all listed',
    async (line) => {
      const { exit, stdout, stderr } = run('main.ts', [...line.split(' '), '--config', bad])
      expect(await exit).toBe(1)
      expect(stdout()).toBe('')
      expect(stderr()).toContain('accounts[0].chatwoot.inboxID is not a known key')
      expect(stderr()).toContain('did you mean "inboxId"?')
      expect(stderr()).toContain('UNSET_KEY, which is not set')
      expect(stderr()).not.toMatch(/planted|^\s+at /m)
    },
  )

  it('are JSON on request', async () => {
    const { exit, stdout, stderr } = run('main.ts', ['config', 'print', '--json', '--config', bad])
    expect(await exit).toBe(1)
    expect(stderr()).toBe('')
    const { error } = JSON.parse(stdout())
    expect(error.code).toBe('config.invalid')
    expect(error.problems).toContainEqual(
      expect.objectContaining({ path: 'accounts[0].chatwoot.inboxID', hint: expect.any(String) }),
    )
  })

  it('about a missing file say how to create it', async () => {
    const { exit, stderr } = run('main.ts', ['serve', '--config', join(dir, 'none.yaml')])
    expect(await exit).toBe(1)
    expect(stderr()).toContain('cp config/bridge.example.yaml')
  })

  it('about the command line come with a suggestion', async () => {
    const { exit, stderr } = run('main.ts', ['serv'])
    expect(await exit).toBe(1)
    expect(stderr()).toContain('Did you mean serve?')
  })

  it.each([
    ['messages find --json', 'cli.usage', 'give --chatwoot-id, --whatsapp-id or --msg-id'],
    [
      'messages find --msg-id 5 --chatwoot-id 3 --json',
      'cli.usage',
      'give only one of --chatwoot-id, --whatsapp-id and --msg-id',
    ],
    ['--json bogus', 'cli.unknown_command', "unknown command 'bogus'"],
    ['--json serv', 'cli.unknown_command', "unknown command 'serv' (Did you mean serve?)"],
    ['sessions qr --bogus --json', 'cli.unknown_option', "unknown option '--bogus'"],
    ['failures show --json', 'cli.missing_argument', "missing required argument 'id'"],
    [
      'sessions logs --page x --json',
      'cli.invalid_argument',
      "option '--page <number>' argument 'x' is invalid. Expected a whole number above 0.",
    ],
    ['sessions --json', 'cli.no_command', 'Give a command; --help lists what there is.'],
  ])('about the command line are JSON on request: %s', async (line, code, message) => {
    const { exit, stdout, stderr } = run('main.ts', line.split(' '))
    expect(await exit).toBe(1)
    expect(JSON.parse(stdout())).toEqual({ error: { code, message } })
    expect(stderr()).toBe('')
  })

  it('--help and --version are none', async () => {
    const [help, version] = [run('main.ts', ['--help']), run('main.ts', ['--version'])]
    expect([await help.exit, await version.exit]).toEqual([0, 0])
    expect(help.stdout()).toMatch(/serve[\s\S]*config/)
    expect(version.stdout()).toMatch(/^\d+\.\d+\.\d+/)
  })
})

describe('serve', () => {
  const serve = (behaviour: string) =>
    run('testing/serve-fixture.ts', [behaviour, 'serve', '--config', good])
  const ready = (bridge: ReturnType<typeof run>, word = 'The bridge is ready') =>
    expect.poll(() => bridge.stdout()).toContain(word)

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops the bridge on %s and exits with 0',
    async (signal) => {
      const bridge = serve('good')
      await ready(bridge)
      expect(bridge.stdout()).toContain('"port":4711')
      bridge.child.kill(signal)
      expect(await bridge.exit).toBe(0)
      expect(bridge.stdout()).toContain('stop called')
    },
  )

  it('takes a signal that comes twice at once as one', async () => {
    const bridge = serve('good')
    await ready(bridge)
    bridge.child.kill('SIGINT')
    bridge.child.kill('SIGTERM')
    expect(await bridge.exit).toBe(0)
  })

  it('ends at once on a second signal', async () => {
    const bridge = serve('hangs at stop')
    await ready(bridge)
    bridge.child.kill('SIGTERM')
    await ready(bridge, 'Stopping')
    const again = setInterval(() => bridge.child.kill('SIGTERM'), 100)
    expect(await bridge.exit).toBe(1)
    clearInterval(again)
    expect(bridge.stdout()).toContain('ending at once')
    expect(bridge.stdout()).not.toContain('did not stop in time')
  })

  it('ends by itself when the bridge hangs', { timeout: 20_000 }, async () => {
    const marks = { 'hangs at stop': 'The bridge is ready', 'hangs at start': 'starting' }
    await Promise.all(
      Object.entries(marks).map(async ([behaviour, mark]) => {
        const bridge = serve(behaviour)
        await ready(bridge, mark)
        bridge.child.kill('SIGTERM')
        expect(await bridge.exit).toBe(0)
        expect(bridge.stdout()).toContain('did not stop in time')
      }),
    )
  })

  it('tells of a failed start without a stack or foreign text', async () => {
    const bridge = serve('fails at start')
    expect(await bridge.exit).toBe(1)
    expect(bridge.stderr()).toContain('This should not have happened')
    expect(bridge.stderr() + bridge.stdout()).not.toContain('planted')
  })

  it('logs a rejection nobody handled and ends with 1', async () => {
    const bridge = serve('rejects later')
    expect(await bridge.exit).toBe(1)
    expect(bridge.stdout()).toContain('Nobody handled this error')
    expect(bridge.stderr() + bridge.stdout()).not.toContain('planted')
  })
})
