import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Progress, progressShape } from '../src/operators/contacts-import/progress.ts'
import { arrived } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

const TOKEN = 'a-long-random-admin-token'
const MAIN = join(import.meta.dirname, '../src/cli/main.ts')
const run = promisify(execFile)

const MARIA = '15550001111'
const HIDDEN_LID = '189975000000077'
const AGENTS_OWN = '5511987654321'

let world: World
beforeEach(async () => {
  world = await startWorld({
    config: { server: { host: '127.0.0.1', publicUrl: 'http://127.0.0.1', adminToken: TOKEN } },
  })
})
afterEach(() => world.close())

const jid = (digits: string) => `${digits}@s.whatsapp.net`
const row = (address: string, name: string | null = null) => ({ jid: address, name, notify: null })

/** What `GET /contacts` answers from now on, in pages of the given rows. */
function listed(...pages: object[][]): void {
  const total = pages.flat().length
  for (const [index, items] of pages.entries()) {
    const pagination = { page: index + 1, limit: 100, total, totalPages: pages.length }
    const body = { success: true, data: { items, pagination } }
    const path = '/api/contacts'
    world.wasender.faults.add({ kind: 'answer', method: 'GET', path, status: 200, body, times: 1 })
  }
}

async function cli(...args: string[]): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [MAIN, 'contacts', 'import', ...args, '--config', world.configPath],
    { env: { ...process.env, PORT: String(world.bridge.port), NODE_NO_WARNINGS: '1' } },
  )
  return stdout
}

const counts = async (...args: string[]) => JSON.parse(await cli('--json', ...args)).counts

function post(search = '', signal: AbortSignal | null = null): Promise<Response> {
  const url = `${world.bridge.url}/admin/api/accounts/sales/contacts/import${search}`
  return fetch(url, { method: 'POST', headers: { Authorization: `Bearer ${TOKEN}` }, signal })
}

async function progress(response: Response): Promise<Progress[]> {
  const lines = (await response.text()).trim().split('\n')
  return lines.map((line) => progressShape.parse(JSON.parse(line)))
}

/** A contact an agent has made by hand, in the spelling people dial. */
function agentsContact() {
  const headers = {
    api_access_token: world.chatwoot.agentToken,
    'Content-Type': 'application/json',
  }
  const body = JSON.stringify({ name: 'Maria Souza (VIP)', phone_number: '+551187654321' })
  return fetch(`${world.chatwoot.url}/api/v1/accounts/1/contacts`, {
    method: 'POST',
    headers,
    body,
  })
}

const PEOPLE = [
  [row(MARIA, 'Maria Example'), row(jid(AGENTS_OWN), 'Souza'), row('120363000000000001@g.us')],
  [row(`${HIDDEN_LID}@lid`, 'Hidden Person'), row('120363000000000002@newsletter')],
]

describe('contacts import', () => {
  it('brings everybody once, and messages land on the contacts it brought', async () => {
    const { chatwoot, wasender } = world
    await agentsContact()
    listed(...PEOPLE)
    const foreseen = await counts('--dry-run')
    expect(foreseen).toEqual({ created: 2, linked: 1, unchanged: 0, skipped: 2 })
    expect(chatwoot.contacts()).toHaveLength(1)

    listed(...PEOPLE)
    expect(await cli()).toBe(
      '2 created, 1 linked, 0 unchanged, 2 skipped (1 groups, 1 channels).\n',
    )
    const brought = chatwoot.contacts()
    expect(brought.map(({ name, phoneNumber }) => [name, phoneNumber])).toEqual([
      ['Maria Souza (VIP)', '+551187654321'],
      ['Maria Example', `+${MARIA}`],
      ['Hidden Person', null],
    ])
    expect(chatwoot.conversations()).toEqual([])

    const people = [
      wasender.person({ phone: MARIA, name: 'Mari' }),
      wasender.person({ phone: AGENTS_OWN, name: 'Souza' }),
      wasender.person({ phone: '15550002222', lid: HIDDEN_LID, name: 'H', hidePhone: true }),
    ]
    for (const each of people) await arrived(world, each.sendText('Hello').keyId)
    const after = chatwoot.contacts()
    expect(after.map(({ id, name }) => [id, name])).toEqual(
      brought.map(({ id, name }) => [id, name]),
    )
    // As for anybody whose first conversation this is.
    await wasender.waitFor(() => wasender.countOf(/\/picture$/) === 3)
    expect(new Set(chatwoot.conversations().map(({ contactId }) => contactId)).size).toBe(3)

    listed(...PEOPLE)
    expect(await counts()).toEqual({ created: 0, linked: 0, unchanged: 3, skipped: 2 })
  })

  it('goes on where a limit ended it', async () => {
    listed(...PEOPLE)
    expect(await cli('--limit', '1')).toBe(
      '1 created, 0 linked, 0 unchanged, 0 skipped. There may be more: run it again to go on.\n',
    )
    world.wasender.faults.clear()
    listed(...PEOPLE)
    expect(await counts('--limit', '1')).toMatchObject({ created: 1, unchanged: 1 })
    expect(world.chatwoot.contacts()).toHaveLength(2)
  })

  it('makes anew what was deleted in Chatwoot', async () => {
    listed([row(MARIA, 'Maria Example')])
    await counts()
    const [made] = world.chatwoot.contacts()
    const headers = { api_access_token: world.chatwoot.adminToken }
    const url = `${world.chatwoot.url}/api/v1/accounts/1/contacts/${made!.id}`
    await fetch(url, { method: 'DELETE', headers })
    listed([row(MARIA, 'Maria Example')])
    expect(await counts()).toMatchObject({ created: 1 })
    expect(world.chatwoot.contacts()).toMatchObject([{ phoneNumber: `+${MARIA}` }])
  })

  it('waits when Chatwoot asks for it, and makes nobody twice when an answer is lost', async () => {
    const { chatwoot } = world
    const nobody = { meta: {}, payload: [] }
    const slower = { status: 429, body: 'Retry later', headers: { 'Retry-After': '1' } }
    chatwoot.faults.add({ kind: 'answer', ...slower, path: '/contacts/filter', times: 1 })
    chatwoot.faults.add({
      kind: 'answer',
      status: 200,
      body: nobody,
      path: '/contacts/filter',
      times: 1,
    })
    chatwoot.faults.add({ kind: 'drop-after', method: 'POST', path: '/contacts', times: 1 })
    listed([row(MARIA, 'Maria Example')])
    const lines = await progress(await post())
    const waits = lines.flatMap((line) => (line.type === 'waiting' ? [line.code] : []))
    expect(waits).toEqual(['chatwoot.rate_limited', 'chatwoot.answer_lost'])
    expect(lines.at(-1)).toMatchObject({ type: 'end', counts: { created: 0, linked: 1 } })
    expect(chatwoot.contacts()).toHaveLength(1)
  })

  it('leaves alone whom Chatwoot refuses, and stops when it takes the token no more', async () => {
    const { chatwoot } = world
    const body = { message: 'Phone number is invalid', attributes: ['phone_number'] }
    const path = '/api/v1/accounts/1/contacts'
    listed([row('15550003333'), row(MARIA)])
    chatwoot.faults.add({ kind: 'answer', status: 404, path: '/contact_inboxes/filter', times: 1 })
    chatwoot.faults.add({
      kind: 'answer',
      status: 200,
      path: '/contacts/filter',
      body: { meta: {}, payload: [] },
      times: 1,
    })
    chatwoot.faults.add({ kind: 'answer', status: 422, body, method: 'POST', path, times: 1 })
    const lines = await progress(await post())
    expect(lines.at(-1)).toMatchObject({
      counts: { created: 1, skipped: 1 },
      reasons: { refused: 1 },
    })

    const refusal = { errors: ['Invalid Access Token'] }
    chatwoot.faults.add({ kind: 'answer', status: 401, body: refusal })
    await expect(cli()).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/again/) })
  })

  it('runs once per account, and stops when nobody listens any more', async () => {
    listed(Array.from({ length: 90 }, (_, index) => row(String(15_550_100_000 + index))))
    const listener = new AbortController()
    const first = await post('', listener.signal)
    expect(first.headers.get('content-type')).toBe('application/x-ndjson')
    expect((await post()).status).toBe(409)
    listener.abort()
    await expect.poll(async () => (await post('?limit=x')).status).toBe(400)
    const free = async () => (await post('?dryRun=true&limit=1')).status
    await expect.poll(free).toBe(200)
    expect(world.chatwoot.contacts().length).toBeLessThan(30)
  })

  it('lets the bridge stop in the middle', async () => {
    listed(Array.from({ length: 90 }, (_, index) => row(String(15_550_100_000 + index))))
    const response = await post()
    await world.chatwoot.waitFor(() => world.chatwoot.contacts().length > 1)
    const [code, lines] = await Promise.all([world.bridge.stop(), progress(response)])
    expect(code).toBe(0)
    expect(lines.at(-1)).toMatchObject({ type: 'stopped', code: 'import.interrupted' })
    await world.restart()
  })

  it.each([
    ['?dryRun=perhaps', 400],
    ['?limit=0', 400],
  ])('refuses %s', async (search, status) => {
    expect((await post(search)).status).toBe(status)
  })
})
