import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { QueuesView } from '../src/web/admin/queue-routes.ts'
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

describe('the page of the queues', () => {
  it('shows what waits for the session, without the number it is for', async () => {
    const ask = await signIn()
    await chat.world.wasender.setStatus(chat.world.wasender.session().id, 'disconnected')
    await chat.reply('For later')
    let page = ''
    const look = async () => {
      page = await (await ask('/queues?account=sales&direction=out')).text()
      return page
    }
    await expect
      .poll(look, { timeout: 20_000 })
      .toContain('the WhatsApp session, which has been down')
    expect(page).toContain(`number …${PHONE.slice(-4)}`)
    expect(page).not.toContain(PHONE.slice(1))
    expect(page).not.toMatch(/For later|https:\/\//)

    const headers = { Authorization: `Bearer ${TOKEN}` }
    const answer = await ask('/api/queues?account=sales&direction=out', { headers })
    const { queues, lanes } = (await answer.json()) as QueuesView
    const way = { account: 'sales', direction: 'out' }
    expect(queues).toEqual([expect.objectContaining({ ...way, lanes: 1, entries: 1 })])
    expect(lanes).toEqual([
      expect.objectContaining({
        ...way,
        waitsFor: expect.arrayContaining([{ what: 'session', since: expect.anything() }]),
      }),
    ])

    await chat.world.wasender.setStatus(chat.world.wasender.session().id, 'connected')
    await expect.poll(look, { timeout: 20_000 }).toContain('Nothing waits')
  })

  it('can only be looked at', async () => {
    const ask = await signIn()
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await ask('/queues', { method })).status).toBe(403)
    }
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
