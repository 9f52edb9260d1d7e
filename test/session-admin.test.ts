import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../src/cli/testing/spawn.ts'
import { startWorld, type World } from './support/world.ts'

const ADMIN_TOKEN = 'planted-admin-token-of-the-test'
const SERVER = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1' }
const QR = /^2@\S+,\S+,\S+,\S+$/

let world: World
beforeAll(async () => {
  world = await startWorld({
    withAccessToken: true,
    config: { server: { ...SERVER, adminToken: ADMIN_TOKEN } },
  })
})
afterAll(() => world.close())
beforeEach(() => world.wasender.setStatus(world.wasender.session().id, 'connected'))

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${world.bridge.url}/admin/api/${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers },
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { response, status: response.status, text, body: isJson ? JSON.parse(text) : undefined }
}
const post = (path: string, body?: object) =>
  ask(path, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }) })

async function cli(...args: string[]) {
  const { exit, stdout, stderr } = run('main.ts', [
    'sessions',
    ...args,
    '--config',
    world.configPath,
  ])
  return { exit: await exit, stdout: stdout(), stderr: stderr() }
}

/** Let go of by the phone: from now on only a scan connects it. */
async function logOut() {
  await world.wasender.setStatus(world.wasender.session().id, 'logged_out')
}

function expectNoSecret(text: string) {
  const { apiKey, webhookSecret } = world.wasender.session()
  for (const secret of [apiKey, webhookSecret, world.wasender.personalAccessToken]) {
    expect(text).not.toContain(secret)
  }
}

describe('the session of an account, by the admin API', () => {
  it('is shown with its number', async () => {
    const { body } = await ask('accounts/sales/session')
    expect(body).toEqual({
      status: 'connected',
      phone: world.wasender.session().phoneNumber,
      canManage: true,
    })
    expect((await ask('accounts/other/session')).status).toBe(404)
    expect((await ask('accounts/sales/session', { headers: { Authorization: '' } })).status).toBe(
      401,
    )
  })

  it('is disconnected, connected and restarted', async () => {
    const status = async () => (await ask('accounts/sales/session')).body.status
    expect((await post('accounts/sales/session/disconnect')).status).toBe(200)
    expect(await status()).toBe('disconnected')
    expect((await post('accounts/sales/session/restart')).status).toBe(409)
    expect((await post('accounts/sales/session/connect')).body).toEqual({ status: 'connected' })
    await world.wasender.waitFor(() => world.wasender.session().status === 'connected')
    expect((await post('accounts/sales/session/restart')).status).toBe(200)
  })

  it('has a QR code only while it has to be scanned, as text and as a picture nobody keeps', async () => {
    const none = await ask('accounts/sales/session/qr')
    expect(none).toMatchObject({ status: 409, body: { code: 'session.connected' } })
    await logOut()
    expect((await post('accounts/sales/session/connect')).body).toEqual({ status: 'need_scan' })
    const first = await ask('accounts/sales/session/qr')
    expect(first.body.qr).toMatch(QR)
    expect(Date.parse(first.body.expiresAt)).toBeGreaterThan(Date.now())
    expect(first.response.headers.get('cache-control')).toContain('no-store')
    const accept = { headers: { Accept: 'image/svg+xml' } }
    const picture = await ask('accounts/sales/session/qr', accept)
    expect(picture.response.headers.get('content-type')).toContain('image/svg+xml')
    expect(picture.text).toMatch(/^<svg[\s\S]*<\/svg>\s*$/)
    expect(JSON.stringify(world.bridge.log)).not.toContain(first.body.qr)
  })

  it('has no code any more once somebody has scanned it', async () => {
    await logOut()
    await ask('accounts/sales/session/qr')
    await world.wasender.scan(world.wasender.session().id)
    expect((await ask('accounts/sales/session/qr')).status).toBe(409)
  })

  it('gets a new key, which is told to nobody and used at once', async () => {
    const old = world.wasender.session().apiKey
    const { text, status } = await post('accounts/sales/session/regenerate-key')
    expect(status).toBe(200)
    expectNoSecret(text)
    expect(world.wasender.session().apiKey).not.toBe(old)
    const refused = world.wasender.calls.filter((call) => call.status === 401).length
    expect((await ask('accounts/sales/session')).body.status).toBe('connected')
    expect(world.wasender.calls.filter((call) => call.status === 401).length).toBe(refused)
  })

  it('has logs', async () => {
    await logOut()
    const { body } = await ask('accounts/sales/session/logs?perPage=1')
    expect(body.logs).toEqual([
      {
        id: expect.any(Number),
        event: 'status_change',
        status: 'logged_out',
        at: expect.any(String),
      },
    ])
    const messages = await ask('accounts/sales/session/message-logs?status=odd')
    expect(messages).toMatchObject({ status: 400 })
    expect((await ask('accounts/sales/session/message-logs')).body).toMatchObject({ messages: [] })
  })
})

describe('all sessions of the gateway’s account, by the admin API', () => {
  it('are listed, made, shown, changed and deleted without their secrets', async () => {
    const made = await post('sessions', { name: 'Second', phoneNumber: '+15550009999' })
    expect(made).toMatchObject({ status: 201, body: { name: 'Second', logMessages: true } })
    const { id } = made.body
    const list = await ask('sessions')
    expect(list.body.sessions).toMatchObject([{ account: 'sales' }, { id, account: null }])
    const put = { method: 'PUT', body: JSON.stringify({ ignoreGroups: true }) }
    expect((await ask(`sessions/${id}`, put)).body).toMatchObject({ ignoreGroups: true })
    const shown = await ask(`sessions/${id}?account=sales`)
    expect(shown.body).toMatchObject({ id, ignoreGroups: true })
    for (const { text } of [made, list, shown]) expect(text).not.toMatch(/api_?key|secret/i)
    expect((await ask(`sessions/${id}`, { method: 'DELETE' })).status).toBe(200)
    expect((await ask(`sessions/${id}`)).status).toBe(404)
  })

  it('say what is wrong with a request', async () => {
    const bad = await post('sessions', { name: 'Second', phoneNumber: 'none', colour: 'red' })
    expect(bad.status).toBe(400)
    expect(bad.body.error).toContain('phoneNumber')
    expect(bad.body.error).toContain('colour')
    expect((await post('sessions', { name: 'Second' })).body.error).toBe(
      'phoneNumber: expected a number such as +15550002222',
    )
    expect((await ask('sessions?account=other')).status).toBe(400)
  })
})

describe('sessions on the command line', () => {
  beforeAll(async () => {
    // The command knows no more than the configuration, and the key has changed above.
    const text = await readFile(world.configPath, 'utf8')
    const { apiKey } = world.wasender.session()
    await writeFile(world.configPath, text.replace(/apiKey: \S+/, `apiKey: ${apiKey}`))
  })

  it('list, show, status and logs', async () => {
    const list = await cli('list', '--json')
    expect(JSON.parse(list.stdout).sessions).toMatchObject([{ account: 'sales' }])
    const shown = await cli('show')
    const status = await cli('status')
    expect(status.stdout).toContain('connected')
    const logs = await cli('logs')
    expect(logs.stdout).toContain('status_change')
    for (const { stdout, exit } of [list, shown, status, logs]) {
      expect(exit).toBe(0)
      expectNoSecret(stdout)
    }
  })

  it('qr shows a code until somebody has scanned it', async () => {
    await logOut()
    const asJson = JSON.parse((await cli('qr', '--json')).stdout)
    expect(asJson.qr).toMatch(QR)
    const once = await cli('qr', '--once')
    expect(once.stdout).toContain('▄')
    const waiting = run('main.ts', ['sessions', 'connect', '--config', world.configPath])
    await expect.poll(waiting.stdout, { timeout: 20_000 }).toContain('Scan it with the phone')
    await world.wasender.scan(world.wasender.session().id)
    expect(await waiting.exit).toBe(0)
    expect(waiting.stdout()).toContain('Connected.')
  })

  it('qr says how to go on when it is stopped', async () => {
    await logOut()
    const waiting = run('main.ts', ['sessions', 'qr', '--config', world.configPath])
    await expect.poll(waiting.stdout, { timeout: 20_000 }).toContain('Scan it with the phone')
    waiting.child.kill('SIGTERM')
    expect(await waiting.exit).toBe(143)
    expect(waiting.stderr()).toContain(
      `not linked yet. This shows a code again: wasender-chatwoot sessions qr --account sales --config ${world.configPath}`,
    )
  })

  it('make, change and delete a session, the last only when confirmed', async () => {
    const made = await cli('create', '--name', 'Third', '--phone-number', '+15550008888', '--json')
    const { id } = JSON.parse(made.stdout)
    const changed = await cli('update', String(id), '--ignore-groups', 'on', '--json')
    expect(JSON.parse(changed.stdout)).toMatchObject({ id, ignoreGroups: true })
    const unsure = await cli('delete', String(id))
    expect(unsure.exit).toBe(1)
    expect(unsure.stderr).toContain('--yes')
    expect((await cli('delete', String(id), '--yes')).exit).toBe(0)
    expect(world.wasender.sessions()).toHaveLength(1)
    const bad = await cli('create', '--name', 'Fourth', '--phone-number', 'none')
    expect(bad.stderr).toContain('--phone-number')
    for (const [given, needed] of [
      [[], '--name and --phone-number'],
      [['--name', 'Fourth'], '--phone-number'],
    ] as const) {
      const { exit, stderr } = await cli('create', ...given)
      expect(exit).toBe(1)
      expect(stderr).toMatch(new RegExp(`^error: give ${needed}$`, 'm'))
    }
  })

  it('regenerate the key, which the running bridge takes over by itself', async () => {
    const id = String(world.wasender.session().id)
    const old = world.wasender.session().apiKey
    const made = await cli('regenerate-key', id, '--yes')
    expect(made.exit).toBe(0)
    expectNoSecret(made.stdout)
    expect(world.wasender.session().apiKey).not.toBe(old)
    expect((await ask('accounts/sales/session')).body.status).toBe('connected')
  })
})

describe('without a personal access token', () => {
  let alone: World
  beforeAll(async () => {
    alone = await startWorld({ config: { server: { ...SERVER, adminToken: ADMIN_TOKEN } } })
  })
  afterAll(() => alone.close())

  it('only the state is known, and all else says what to add', async () => {
    const at = (...args: string[]) => run('main.ts', [...args, '--config', alone.configPath])
    const status = at('sessions', 'status', '--json')
    await status.exit
    expect(JSON.parse(status.stdout()).accounts).toMatchObject([
      { status: 'connected', canManage: false },
    ])
    for (const name of ['list', 'qr', 'connect', 'logs']) {
      const { exit, stderr } = at('sessions', name)
      expect(await exit).toBe(1)
      expect(stderr()).toContain('accounts[].wasender.personalAccessToken')
    }
    const response = await fetch(`${alone.bridge.url}/admin/api/accounts/sales/session/connect`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ code: 'session.no_token' })
  })
})
