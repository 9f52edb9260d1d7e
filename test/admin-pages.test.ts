import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Chat, PHONE, startChat } from './support/chat.ts'

const TOKEN = 'a-long-random-admin-token'

let chat: Chat
beforeEach(async () => {
  chat = await startChat({
    config: { server: { host: '127.0.0.1', publicUrl: 'http://127.0.0.1', adminToken: TOKEN } },
  })
})
afterEach(() => chat.close())

/** Asks for a page as somebody who has signed in. */
async function signIn() {
  const base = `${chat.world.bridge.url}/admin`
  const body = new URLSearchParams({ token: TOKEN })
  const headers = { Origin: chat.world.bridge.url }
  const answer = await fetch(`${base}/sign-in`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  })
  const Cookie = answer.headers.get('Set-Cookie')?.split(';')[0] ?? ''
  return (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, { ...init, headers: { Cookie, ...headers, ...init.headers } })
}

describe('the board of the queues', () => {
  it('shows a job that waits without the number it is for, and lets nobody touch it', async () => {
    const ask = await signIn()
    await chat.world.wasender.setStatus(chat.world.wasender.session().id, 'disconnected')
    await chat.reply('For later')
    const jobs = '/queues/api/queues?activeQueue=lanes-out&status=latest'
    let board = ''
    const look = async () => {
      board = await (await ask(jobs)).text()
      return board
    }
    await expect.poll(look, { timeout: 20_000 }).toContain('out:sales:')
    expect(board).toContain(`pn:…${PHONE.slice(-4)}`)
    expect(board).not.toContain(PHONE.slice(1))
    const answer = await ask('/queues/api/queues/lanes-out/empty', { method: 'PUT' })
    expect([403, 405]).toContain(answer.status)
    const page = await (await ask('/queues')).text()
    expect(page).not.toMatch(/https:\/\//)
  })
})

describe('a page that somebody looks at', () => {
  it('does not keep the bridge from stopping', async () => {
    const ask = await signIn()
    const news = await ask('', { headers: { Accept: 'text/event-stream' } })
    const reader = news.body!.getReader()
    const first = await reader.read()
    expect(new TextDecoder().decode(first.value)).toContain('The account works.')
    expect(await chat.world.bridge.stop()).toBe(0)
    await reader.cancel()
  })
})
