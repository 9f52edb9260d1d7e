import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../log.ts'
import { type Demo, startDemo } from './start.ts'
import type { DemoState } from './state.ts'

const MARIA = '12025550101'
const JSON_BODY = { 'content-type': 'application/json' }
let demo: Demo

beforeAll(async () => {
  demo = await startDemo({ port: 0, log: createLogger({ level: 'silent' }) })
}, 20_000)
afterAll(() => demo.stop())

const post = (path: string, body: unknown, headers: Record<string, string> = JSON_BODY) =>
  fetch(`${demo.url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
const state = async () => (await (await fetch(`${demo.url}/api/state`)).json()) as DemoState

describe('the demo', () => {
  it('carries what an action says and shows it in the state', async () => {
    expect((await post(`people/${MARIA}/messages`, { text: ' Hello there ' })).status).toBe(200)
    const { chatwoot } = demo.world
    await chatwoot.waitFor(() => chatwoot.allMessages().some((m) => m.content === 'Hello there'))
    const { people, conversations } = await state()
    expect(people[0]?.messages.at(-1)).toMatchObject({ text: 'Hello there', tick: 'delivered' })
    const [latest] = conversations
    expect(latest).toMatchObject({ name: 'Maria Souza', phone: `+${MARIA}`, status: 'open' })
    expect(latest?.messages.at(-1)).toMatchObject({ content: 'Hello there', type: 'incoming' })
  })

  it('sends the state after every change', async () => {
    const { body } = await fetch(`${demo.url}/events`)
    let seen = ''
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      if (seen === '') await post(`people/${MARIA}/typed`, { text: 'From the shop' })
      seen += chunk
      if (seen.includes('From the shop')) break
    }
    expect(seen).toMatch(/^event: state\ndata: \{/)
  })

  it.each([
    [{ text: '  ' }, 'text'],
    [{}, 'text'],
    ['nothing', 'object'],
  ])('refuses the body %j', async (body, why) => {
    const answer = await post(`people/${MARIA}/messages`, body)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(why)
  })

  it('refuses what other pages could send', async () => {
    const plain = await post('session/log-out', {}, { 'content-type': 'text/plain' })
    expect(plain.status).toBe(403)
    expect((await state()).session).toBe('connected')
  })

  it('serves the page and nothing else of its folder', async () => {
    const page = await fetch(demo.url)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect((await fetch(`${demo.url}/js/main.js`)).status).toBe(200)
    const hidden = ['/js/marks/marks.test.ts', '/%2e%2e/demo/start.ts', '/nothing']
    const statuses = await Promise.all(
      hidden.map(async (path) => (await fetch(demo.url + path)).status),
    )
    expect(statuses).toEqual([404, 404, 404])
  })

  it('answers 500 without details when an action fails', async () => {
    const answer = await post('messages/999999/retry', {})
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ error: 'This did not work.' })
  })
})
