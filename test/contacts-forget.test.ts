import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signature } from '../sandbox/chatwoot/webhook-request.ts'
import type { Kept } from '../src/bridge/forget/kept.ts'
import { arrived } from './support/arrived.ts'
import { refusal } from './support/chat.ts'
import { runCli } from './support/cli-process.ts'
import { startWorld, type World } from './support/world.ts'

const TOKEN = 'a-long-random-admin-token'
const MARIA = { phone: '+12025550143', lid: '189975000000143', name: 'Maria Zandvoort' }
const PAUL = { phone: '+12025550144', lid: '189975000000144', name: 'Paul Quinby' }

let world: World
beforeEach(async () => {
  world = await startWorld({
    config: { server: { host: '127.0.0.1', publicUrl: 'http://127.0.0.1', adminToken: TOKEN } },
  })
})
afterEach(() => world.close())

type Answer = { kept: Kept[]; forgotten: Kept[]; error?: string }

const only = async (person: string): Promise<Kept> => {
  const [found] = (await people('GET', person)).kept
  if (found === undefined) throw new Error('There is no account')
  return found
}

const people = (method: 'GET' | 'DELETE', person: string) =>
  fetch(`${world.bridge.url}/admin/api/people?${new URLSearchParams({ person })}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}` },
  }).then((answer) => answer.json() as Promise<Answer>)

const forget = (...args: string[]) =>
  runCli(['contacts', 'forget', ...args, '--config', world.configPath], {
    cwd: world.dir,
    env: { PORT: String(world.bridge.port) },
  })

/** Every file the bridge has written, those of its private Redis too. */
async function kept(): Promise<string> {
  const dir = join(world.dir, 'data')
  const names = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  return (await Promise.all(paths.map((path) => readFile(path, 'latin1')))).join('\n')
}

async function says(who: typeof MARIA, text: string) {
  return arrived(world, world.wasender.person(who).sendText(text).keyId)
}

/** Somebody who wrote, was answered, whose reply failed and who wrote again while Chatwoot took nothing. */
async function busyChat(): Promise<number> {
  const { wasender, chatwoot } = world
  const { conversationId } = await says(MARIA, 'The first zephyr')
  await chatwoot.agent().reply(conversationId, 'An answer of an agent')
  await wasender.waitFor(() => wasender.inbox(MARIA.phone)[0])
  wasender.faults.add({ ...refusal, times: 1 })
  const failed = await chatwoot.agent().reply(conversationId, 'A refused quokka')
  await chatwoot.waitFor(
    () => chatwoot.allMessages().find(({ id }) => id === failed.id)?.status === 'failed',
  )
  chatwoot.faults.add({ kind: 'answer', method: 'POST', path: '/messages', status: 503 })
  wasender.person(MARIA).sendText('A waiting wombat')
  await expect.poll(async () => (await only(MARIA.phone)).waiting).toBeGreaterThan(0)
  return conversationId
}

const WORDS = ['12025550143', '189975000000143', 'Zandvoort', 'zephyr', 'quokka', 'wombat']

describe('a person who is to be forgotten', () => {
  it('is shown and erased from store, lanes, dead letters and Redis, and nobody else is', async () => {
    await says(PAUL, 'I stay')
    const conversation = await busyChat()
    const before = await kept()
    for (const word of ['12025550143', 'Zandvoort', 'quokka', 'wombat'])
      expect(before).toContain(word)
    expect(await people('GET', MARIA.phone)).toMatchObject({
      kept: [{ account: 'sales', conversations: [conversation], failures: 1 }],
    })

    const erased = await people('DELETE', '+1 (202) 555-0143')
    expect(erased.forgotten[0]).toMatchObject({ account: 'sales', failures: 1 })
    await expect
      .poll(async () => {
        const now = await kept()
        return WORDS.filter((word) => now.includes(word))
      })
      .toEqual([])
    expect(await people('GET', MARIA.phone)).toMatchObject({
      kept: [
        { conversations: [], addresses: 0, messages: 0, waiting: 0, failures: 0, memories: 0 },
      ],
    })
    expect(await only(PAUL.phone)).toMatchObject({ messages: 1 })

    world.chatwoot.faults.clear()
    expect((await says(PAUL, 'Still here')).content).toBe('Still here')
    await says(MARIA, 'A new beginning')
  })

  it('is met under the LID as well', async () => {
    await says(MARIA, 'Hello')
    expect((await only(`${MARIA.lid}@lid`)).messages).toBe(1)
    await people('DELETE', `${MARIA.lid}@lid`)
    expect((await only(MARIA.phone)).addresses).toBe(0)
  })

  it('is forgotten when known by a LID alone, with what is noted to ask and to prove', async () => {
    const hidden = { ...MARIA, hidePhone: true }
    const { conversationId } = await says(hidden, 'Hello')
    await world.chatwoot.agent().reply(conversationId, 'Hello Maria')
    await world.wasender.waitFor(() => world.wasender.inbox(MARIA.phone)[0])
    await says(hidden, 'Thanks')
    expect(await kept()).toContain(`open-lids:sales`)
    expect(await kept()).toContain(`answered:sales:lid:${MARIA.lid}`)
    await people('DELETE', `${MARIA.lid}@lid`)
    await expect.poll(async () => (await kept()).includes(MARIA.lid)).toBe(false)
  })

  it('is forgotten on the command line, which shows first and asks', async () => {
    await says(MARIA, 'Hello')
    const shown = await forget(MARIA.phone, '--dry-run')
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('sales')])
    const unasked = await forget(MARIA.phone)
    expect([unasked.code, unasked.stderr]).toEqual([1, expect.stringContaining('--yes')])
    const done = await forget(MARIA.phone, '--yes', '--json')
    expect(JSON.parse(done.stdout)).toMatchObject({
      forgotten: [{ account: 'sales', messages: 1 }],
    })
    expect((await forget(MARIA.phone, '--yes')).stdout).toContain('keeps nothing')
  })

  it('is told apart from what is no number', async () => {
    expect(await people('GET', 'Maria')).toMatchObject({ error: expect.stringContaining('person') })
  })
})

describe('a contact that is deleted in Chatwoot', () => {
  /** As an account webhook or another program would tell it: no release of Chatwoot does so by itself. */
  function tell(contact: number): Promise<Response> {
    const body = JSON.stringify({ event: 'contact_deleted', id: contact, account: { id: 1 } })
    const timestamp = String(Math.floor(Date.now() / 1000))
    const signed = signature(world.chatwoot.inboxes()[0]?.secret ?? '', timestamp, body)
    const headers = { 'X-Chatwoot-Timestamp': timestamp, 'X-Chatwoot-Signature': signed }
    return fetch(`${world.bridge.url}/webhooks/chatwoot/sales`, { method: 'POST', headers, body })
  }

  it('is forgotten when the webhook tells of it', async () => {
    await says(MARIA, 'Hello')
    const [contact] = world.chatwoot.contacts()
    expect((await tell(contact?.id ?? 0)).status).toBe(200)
    await expect.poll(async () => (await only(MARIA.phone)).addresses).toBe(0)
  })
})
