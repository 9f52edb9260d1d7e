import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { arrived } from './support/arrived.ts'
import { type Chat, openChat, refusal } from './support/chat.ts'
import { type FromNowOn, fromNowOn, useWorld } from './support/use-world.ts'

const TOKEN = 'a-long-random-admin-token'
const MAIN = join(import.meta.dirname, '../src/cli/main.ts')
const run = promisify(execFile)

const shared = useWorld({
  config: { server: { host: '127.0.0.1', publicUrl: 'http://127.0.0.1', adminToken: TOKEN } },
})
let since: FromNowOn
let chat: Chat
beforeEach(async () => {
  since = fromNowOn(shared())
  chat = await openChat(shared())
})
afterEach(async () => {
  for (const { id } of (await failures()).failures) await api(`failures/${id}`, 'DELETE')
})

type Listed = { failures: { id: string; direction: string; messageId?: number }[]; cursor: unknown }

async function api(path: string, method = 'GET', token = TOKEN): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}` }
  return fetch(`${chat.world.bridge.url}/admin/api/${path}`, { method, headers })
}

const failures = async () => (await (await api('failures')).json()) as Listed

async function metric(direction: string): Promise<number> {
  const text = await (await fetch(`${chat.world.bridge.url}/metrics`)).text()
  const line = `bridge_failures{account="sales",direction="${direction}"} `
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(line))
      ?.slice(line.length),
  )
}

async function cli(...args: string[]): Promise<string> {
  const { configPath, bridge } = chat.world
  const { stdout } = await run(process.execPath, [MAIN, ...args, '--config', configPath], {
    env: { ...process.env, PORT: String(bridge.port), NODE_NO_WARNINGS: '1' },
  })
  return stdout
}

async function failedReply(text: string): Promise<number> {
  chat.world.wasender.faults.add({ ...refusal, times: 1 })
  const { id } = await chat.reply(text)
  await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'failed')
  return id
}

describe('a dead letter of an agent’s message', () => {
  it('is retried by an admin: it is sent, and Chatwoot shows no failure any more', async () => {
    const id = await failedReply('Take two')
    const { failures: found } = await failures()
    expect(found).toMatchObject([{ direction: 'out', messageId: id, kind: 'message' }])
    expect(JSON.stringify(found)).not.toContain('Take two')
    expect(await metric('out')).toBe(1)
    const answer = await api(`failures/${found[0]!.id}/retry`, 'POST')
    expect(await answer.json()).toEqual({ retried: 1 })
    await chat.gets(1)
    await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    expect(chat.message(id).contentAttributes.external_error ?? null).toBeNull()
    await chat.settled()
    expect(chat.got()).toHaveLength(1)
    expect(await metric('out')).toBe(0)
  })

  it('comes back when the admin’s retry fails as well', async () => {
    const id = await failedReply('No luck')
    chat.world.wasender.faults.add({ ...refusal, times: 1 })
    await api('failures/retry', 'POST')
    await chat.world.wasender.waitFor(() => since.countOf('/api/send-message') === 2)
    await chat.settled()
    expect((await failures()).failures).toMatchObject([{ messageId: id }])
    expect(chat.message(id).status).toBe('failed')
  })

  it('is gone when the agent presses Retry', async () => {
    const id = await failedReply('By hand')
    chat.world.chatwoot.agent().retry(id)
    await chat.gets(1)
    await chat.settled()
    expect((await failures()).failures).toEqual([])
    expect(chat.got()).toHaveLength(1)
  })

  it('is gone when the agent deletes the message', async () => {
    const id = await failedReply('Never mind')
    chat.world.chatwoot.agent().deleteMessage(id)
    await chat.settled()
    expect((await failures()).failures).toEqual([])
  })

  it('are all retried in their order', async () => {
    for (const text of ['one', 'two', 'three']) await failedReply(text)
    expect(JSON.parse(await cli('failures', 'retry', '--all', '--json'))).toEqual({ retried: 3 })
    await chat.gets(3)
    expect(chat.got().map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })
})

describe('a dead letter of a customer’s message', () => {
  it('is retried by an admin, and its claim lets it in', async () => {
    const { chatwoot, wasender } = chat.world
    const path = `/conversations/${chat.conversation}/messages`
    const body = { message: 'Content is too long' }
    chatwoot.faults.add({ kind: 'answer', status: 422, body, method: 'POST', path, times: 1 })
    const lost = wasender.person({ phone: chat.phone }).sendText('Lost at first')
    await chat.says('And on it goes')
    const [failure] = (await failures()).failures
    expect(failure).toMatchObject({ direction: 'in', whatsappId: lost.keyId })
    expect(await cli('failures', 'list')).toContain(failure!.id)
    expect(await cli('failures', 'show', failure!.id)).toContain('Lost at first')
    expect(await cli('failures', 'retry', failure!.id)).toBe('1 put back.\n')
    await arrived(chat.world, lost.keyId)
    await chat.settled()
    const copies = chatwoot.allMessages().filter(({ sourceId }) => sourceId === lost.keyId)
    expect(copies).toHaveLength(1)
    expect(await cli('failures', 'list')).toBe('No dead letters.\n')
  })

  it('is found in Chatwoot when its last attempt had only lost the answer', async () => {
    const { chatwoot, wasender } = chat.world
    const path = `/conversations/${chat.conversation}/messages`
    const body = { message: 'No' }
    chatwoot.faults.add({ kind: 'drop-after', method: 'POST', path, times: 1 })
    chatwoot.faults.add({ kind: 'answer', status: 422, body, method: 'GET', path, times: 1 })
    const lost = wasender.person({ phone: chat.phone }).sendText('Lost and found')
    await chat.says('And on it goes')
    for (let n = 0; n < 25; n += 1) await chat.reply(`note ${n}`, { private: true })
    expect((await failures()).failures).toMatchObject([{ whatsappId: lost.keyId }])
    expect(await cli('failures', 'retry', '--all')).toBe('1 put back.\n')
    await chat.settled()
    const copies = chatwoot.allMessages().filter(({ sourceId }) => sourceId === lost.keyId)
    expect(copies).toHaveLength(1)
    expect((await failures()).failures).toEqual([])
  })

  it('is discarded', async () => {
    const { chatwoot } = chat.world
    const path = `/conversations/${chat.conversation}/messages`
    chatwoot.faults.add({ kind: 'answer', status: 422, method: 'POST', path, times: 1 })
    chat.world.wasender.person({ phone: chat.phone }).sendText('Nobody needs this')
    await chat.says('marker')
    const [failure] = (await failures()).failures
    expect(await cli('failures', 'discard', failure!.id)).toBe('Discarded.\n')
    expect(await metric('in')).toBe(0)
    expect((await api(`failures/${failure!.id}`, 'DELETE')).status).toBe(404)
  })
})

describe('the admin API', () => {
  it('lets nobody in without the token, and says what is wrong with a question', async () => {
    expect((await api('failures', 'GET', 'wrong')).status).toBe(401)
    expect((await fetch(`${chat.world.bridge.url}/admin/api/accounts`)).status).toBe(401)
    const odd = await api('failures?direction=up&account=sales')
    expect([odd.status, await odd.json()]).toEqual([
      400,
      { error: 'direction: expected in, out or status' },
    ])
    expect((await api('failures?account=nobody')).status).toBe(400)
    expect((await api('messages?account=sales')).status).toBe(400)
  })

  it('tells how the accounts are', async () => {
    const { accounts } = (await (await api('accounts')).json()) as { accounts: unknown[] }
    expect(accounts).toMatchObject([
      {
        id: 'sales',
        session: { status: 'connected' },
        inbox: { name: 'WhatsApp' },
        waiting: { in: { count: expect.any(Number) }, out: { count: 0, oldestSeconds: 0 } },
        paused: null,
        limits: [],
        openLids: 0,
        failures: { in: 0, out: 0, status: 0 },
      },
    ])
  })

  it('finds a message by any of its ids', async () => {
    const { id } = await chat.reply('Where is it?')
    const [got] = await chat.gets(1)
    await chat.world.chatwoot.waitFor(() => chat.message(id).status === 'delivered')
    const byChatwoot = JSON.parse(
      await cli('messages', 'find', '--chatwoot-id', String(id), '--json'),
    )
    expect(byChatwoot.messages).toMatchObject([
      { direction: 'out', messageId: id, whatsappId: got!.keyId, state: 'delivered' },
    ])
    const { msgId } = byChatwoot.messages[0]
    for (const query of [`whatsappId=${got!.keyId}`, `msgId=${msgId}`]) {
      expect(await (await api(`messages?account=sales&${query}`)).json()).toEqual(byChatwoot)
    }
    expect(await cli('messages', 'find', '--chatwoot-id', '4711')).toMatch(/knows no such/)
  })
})
