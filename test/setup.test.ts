import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ChatwootStandIn, startChatwootStandIn } from '../sandbox/chatwoot/server.ts'
import type { ChatwootStandInOptions } from '../sandbox/chatwoot/stand-in.ts'
import { freePort } from '../sandbox/free-port.ts'
import { startWasenderStandIn, type WasenderStandIn } from '../sandbox/wasender/server.ts'
import { startBridgeProcess } from './support/bridge-process.ts'
import { type CliRun, runCli } from './support/cli-process.ts'

const PHONE = '+15550001111'
const PUBLIC_URL = 'https://bridge.example.com'

let dir: string
let chatwoot: ChatwootStandIn
let wasender: WasenderStandIn
let closing: (() => Promise<unknown>)[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'setup-'))
  closing = [() => rm(dir, { recursive: true, force: true })]
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
})

/** Platforms on which nothing is prepared. */
async function startPlatforms(options: ChatwootStandInOptions = {}) {
  chatwoot = await startChatwootStandIn({ inboxes: [], ...options })
  closing.push(() => chatwoot.close())
  wasender = await startWasenderStandIn({ sessions: [], retryMs: 50 })
  closing.push(() => wasender.close())
}

/** What an admin has to know to begin with; secrets by variables. */
const secrets = () => ({
  SETUP_CHATWOOT_TOKEN: chatwoot.adminToken,
  SETUP_WASENDER_TOKEN: wasender.personalAccessToken,
})
const addresses = (publicUrl = PUBLIC_URL) => [
  ...['--public-url', publicUrl],
  ...['--chatwoot-url', chatwoot.url],
  ...['--wasender-url', wasender.apiUrl],
]
const NEW_SESSION = ['--phone', '+15550002222']

const setup = (args: readonly string[] = [], env: Record<string, string> = secrets()) =>
  runCli(['setup', '--yes', ...args], { cwd: dir, env })

const stepsOf = ({ stdout }: CliRun) =>
  Object.fromEntries(
    JSON.parse(stdout).steps.map(({ step, state }: Record<string, string>) => [step, state]),
  )

const files = () =>
  Promise.all(['bridge.yaml', '.env'].map((name) => readFile(join(dir, 'config', name), 'utf8')))

/** Requests that change something at the platforms. */
const writes = () =>
  [...chatwoot.calls, ...wasender.calls]
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`)

/** Starts what `setup` has made and lets a customer and an agent write to each other. */
async function expectConversation(port: number) {
  const configPath = join('config', 'bridge.yaml')
  const bridge = await startBridgeProcess({ configPath, port, cwd: dir })
  closing.push(() => bridge.stop())
  await wasender.scan(wasender.session().id)
  wasender.person({ phone: PHONE, name: 'Maria' }).sendText('Hola')
  const message = await chatwoot.waitFor(
    () => chatwoot.allMessages().find(({ content }) => content === 'Hola'),
    { timeoutMs: 20_000 },
  )
  await chatwoot.agent().reply(message.conversationId, 'Hello Maria')
  const got = await wasender.waitFor(() => wasender.inbox(PHONE)[0], { timeoutMs: 20_000 })
  expect(got).toMatchObject({ kind: 'text', text: 'Hello Maria' })
}

describe('setup', () => {
  it('goes from nothing to a conversation in both directions', async () => {
    await startPlatforms()
    const port = await freePort()
    const run = await setup([...addresses(`http://127.0.0.1:${port}`), ...NEW_SESSION])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/^created +Inbox: WhatsApp/m)
    expect(run.stdout).toMatch(/Link the phone: .* sessions qr --account sales/)

    const [yaml = '', env = ''] = await files()
    for (const secret of Object.values(parseEnv(env))) {
      expect(String(secret).length).toBeGreaterThan(10)
      expect(yaml + run.stdout).not.toContain(secret)
    }
    expect((await stat(join(dir, 'config', '.env'))).mode & 0o777).toBe(0o600)
    const [inbox] = chatwoot.inboxes()
    expect(inbox?.memberIds).toEqual([chatwoot.agent().user.id])
    await expectConversation(port)
  })

  it('changes nothing when it is run again, with the answers or without', async () => {
    await startPlatforms()
    const args = [...addresses(), ...NEW_SESSION, '--agents', 'all', '--json']
    expect(stepsOf(await setup(args))).toMatchObject({ inbox: 'created', session: 'created' })
    const before = await files()
    const written = writes().length

    for (const again of [await setup(args), await setup(['--json'], {})]) {
      expect(again.code).toBe(0)
      expect(JSON.parse(again.stdout).changed).toBe(false)
      expect(new Set(Object.values(stepsOf(again)))).toEqual(new Set(['already']))
    }
    expect(await files()).toEqual(before)
    expect(writes()).toHaveLength(written)
  })

  it('puts a token into the address where Chatwoot does not sign yet', async () => {
    await startPlatforms({ version: '4.12.1' })
    const port = await freePort()
    await setup([...addresses(`http://127.0.0.1:${port}`), ...NEW_SESSION])
    const [yaml = '', env = ''] = await files()
    const { SALES_CHATWOOT_WEBHOOK_TOKEN: token } = parseEnv(env)
    expect(chatwoot.inboxes()[0]?.webhookUrl).toMatch(
      new RegExp(`/webhooks/chatwoot/sales/${token}$`),
    )
    expect(parse(yaml).accounts[0].chatwoot).not.toHaveProperty('webhookSecret')
    const again = await setup(['--json'])
    expect(JSON.parse(again.stdout).changed).toBe(false)
    await expectConversation(port)
  })

  it('adds the agents it is told, and only them', async () => {
    await startPlatforms({ users: [{ name: 'Second Agent' }, { name: 'Third Agent' }] })
    const agents = ['--agents', 'second.agent@example.com,nobody@example.com']
    const run = await setup([...addresses(), ...NEW_SESSION, ...agents, '--json'])
    const { user } = chatwoot.agent({ name: 'Second Agent' })
    expect(chatwoot.inboxes()[0]?.memberIds).toEqual([user.id])
    expect(JSON.parse(run.stdout).notes.join()).toMatch(/1 of the addresses/)
    const all = await setup(['--agents', 'all', '--json'])
    expect(stepsOf(all)).toMatchObject({ agents: 'changed', inbox: 'already' })
    expect(chatwoot.inboxes()[0]?.memberIds).toHaveLength(3)
  })
})

describe('setup on what is there already', () => {
  it('takes over inbox and session, and keeps what people wrote into the files', async () => {
    await startPlatforms({ inboxes: [{ name: 'WhatsApp' }] })
    wasender.addSession({ logMessages: false, webhookEvents: ['messages.upsert'] })
    await setup([...addresses(), '--session', '1', '--json'])
    expect(chatwoot.inboxes()).toHaveLength(1)
    expect(wasender.session()).toMatchObject({
      logMessages: true,
      webhookUrl: `${PUBLIC_URL}/webhooks/wasender/sales`,
      webhookEvents: expect.arrayContaining(['messages.upsert', 'message.sent', 'session.status']),
    })

    const [yaml = '', env = ''] = await files()
    const mine = yaml.replace('accounts:', '# our shop\naccounts:')
    await writeFile(join(dir, 'config', 'bridge.yaml'), mine)
    await writeFile(join(dir, 'config', '.env'), `# ours\nMINE=1\n${env}`)
    const support = ['--account', 'support', '--inbox', 'new', '--session', 'new']
    const second = await setup([...addresses(), ...support, '--phone', '+15550003333', '--json'])
    expect(stepsOf(second)).toMatchObject({ inbox: 'created', configuration: 'changed' })
    const [after = '', envAfter = ''] = await files()
    expect(after.startsWith(mine.trimEnd())).toBe(true)
    expect(parse(after).accounts.map(({ id }: { id: string }) => id)).toEqual(['sales', 'support'])
    expect(envAfter.startsWith(`# ours\nMINE=1\n${env}`)).toBe(true)
  })

  it('takes a new token over without touching anything else', async () => {
    await startPlatforms()
    await setup([...addresses(), ...NEW_SESSION])
    const [yaml] = await files()
    wasender.session().apiKey = 'f'.repeat(64)
    const run = await setup(['--json'])
    expect(stepsOf(run)).toMatchObject({ secrets: 'changed', configuration: 'already' })
    const [same, env = ''] = await files()
    expect(same).toBe(yaml)
    expect(parseEnv(env).SALES_WASENDER_API_KEY).toBe('f'.repeat(64))
  })

  it('does without a personal access token', async () => {
    await startPlatforms()
    wasender.addSession({ webhookSecret: 'webhook-secret' })
    const run = await setup([...addresses(), '--json'], {
      SETUP_CHATWOOT_TOKEN: chatwoot.adminToken,
      SETUP_API_KEY: wasender.session().apiKey,
      SETUP_WEBHOOK_SECRET: 'webhook-secret',
    })
    expect(stepsOf(run)).toMatchObject({ wasender: 'already', configuration: 'created' })
    expect(JSON.parse(run.stdout).notes.join()).toContain(`${PUBLIC_URL}/webhooks/wasender/sales`)
    expect(JSON.parse(run.stdout).next.join()).not.toContain('Link the phone')
  })

  it('says so when the webhook did not come into effect', async () => {
    await startPlatforms()
    wasender.addSession({ webhookSyncFails: true })
    const run = await setup([...addresses(), '--session', '1', '--json'])
    expect(JSON.parse(run.stdout).notes.join()).toMatch(/not in effect yet/)
    expect(wasender.countOf('/api/whatsapp-sessions/1', 'PUT')).toBe(2)
  })
})

describe('setup that cannot go on', () => {
  it.each([
    ['after the inbox was made', () => wasender.faults.add({ kind: 'refuse', times: 1 })],
    [
      'because the answer about the inbox was lost',
      () => chatwoot.faults.add({ kind: 'drop-after', method: 'POST', path: '/inboxes', times: 1 }),
    ],
    [
      'because the answer about the session was lost',
      () => wasender.faults.add({ kind: 'drop-after', method: 'POST', times: 1 }),
    ],
  ])('goes on the next time: %s', async (_, breakIt) => {
    await startPlatforms({ version: '4.12.1' })
    breakIt()
    const args = [...addresses(), ...NEW_SESSION, '--json']
    const broken = await setup(args)
    expect(broken.code).toBe(1)
    expect(JSON.parse(broken.stdout.slice(broken.stdout.indexOf('{'))).error.code).toMatch(
      /unreachable|answer_lost/,
    )
    expect((await setup(args)).code).toBe(0)
    expect(chatwoot.inboxes()).toHaveLength(1)
    expect(wasender.sessions()).toHaveLength(1)
    expect(chatwoot.inboxes()[0]?.memberIds).toHaveLength(1)
    expect(JSON.parse((await setup(args)).stdout).changed).toBe(false)
  })

  it('names all that is missing, and does nothing', async () => {
    await startPlatforms()
    const { code, stderr } = await setup([], {})
    expect(code).toBe(1)
    for (const flag of ['public-url', 'chatwoot-url', 'chatwoot-token', 'wasender-token'])
      expect(stderr).toContain(`--${flag} or the variable SETUP_`)
    expect(chatwoot.calls).toHaveLength(0)
  })

  it.each([
    ['an agent', () => chatwoot.agentToken, 'setup.not_administrator', 'Ana Lima'],
    ['a bot', () => chatwoot.botToken, 'chatwoot.bot_token', 'agent bot'],
    ['nobody', () => 'wrong', 'chatwoot.bad_token', 'wrong or was reset'],
  ])('explains the token of %s', async (_, token, code, words) => {
    await startPlatforms()
    const run = await setup([...addresses(), '--json'], {
      ...secrets(),
      SETUP_CHATWOOT_TOKEN: token(),
    })
    const { error } = JSON.parse(run.stdout)
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) })
    expect(writes()).toEqual([])
  })

  it('says that an address is wrong', async () => {
    await startPlatforms()
    const args = [...addresses(), '--chatwoot-url', 'http://127.0.0.1:1', '--json']
    expect(JSON.parse((await setup(args)).stdout).error).toEqual({
      code: 'setup.unreachable',
      message: expect.stringContaining('Check --chatwoot-url'),
    })
  })

  it('does nothing in a dry run but tell', async () => {
    await startPlatforms()
    const run = await setup([...addresses(), ...NEW_SESSION, '--dry-run'])
    expect(run.stdout).toMatch(/^would create Inbox: WhatsApp/m)
    expect(run.stdout).toContain('Nothing was changed.')
    expect(writes()).toEqual([])
    await expect(files()).rejects.toThrow('ENOENT')
  })
})
