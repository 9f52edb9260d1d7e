import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../src/kernel/log.ts'
import { KINDS } from './kinds/kinds.ts'
import { operatorThread } from './operator-thread.ts'
import { SAMPLES } from './samples/samples.ts'
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
const say = (said: object, from = MARIA) => post(`chats/${MARIA}/say`, { from, said })
const chat = async () => (await state()).chats[0]
const isEqual = async (path: string, bytes: Uint8Array) =>
  Buffer.compare(await (await fetch(demo.url + path)).bytes(), bytes) === 0

/** The message that the helpdesk has got last, once it is there. */
async function arrived(
  what: (message: { content: string | null; attachments: unknown[] }) => boolean,
) {
  const { chatwoot } = demo.world
  return chatwoot.waitFor(() => chatwoot.allMessages().findLast(what))
}

describe('the demo', () => {
  it('opens with a chat of each customer and a group', async () => {
    const { chats, conversations } = await state()
    const names = ['Maria Souza', 'John Example', 'Lou Hart', 'Bike club']
    expect(chats.map(({ name }) => name)).toEqual(names)
    expect(chats[3]).toMatchObject({ isGroup: true, members: [{ name: 'Maria Souza' }, {}] })
    expect(conversations.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
  })

  it('has a customer whose number nobody is told, who is answered all the same', async () => {
    const lou = (await state()).conversations.find(({ name }) => name === 'Lou Hart')
    expect(lou).toMatchObject({ phone: null })
    await post(`conversations/${lou?.id}/replies`, { text: 'We do.' })
    await demo.world.wasender.waitFor(() => demo.world.wasender.inbox('12025550103').length === 1)
  })

  it('carries what an action says and shows it in the state', async () => {
    expect((await say({ kind: 'text', text: ' Hello there ' })).status).toBe(200)
    await arrived(({ content }) => content === 'Hello there')
    const { chats, conversations } = await state()
    expect(chats[0]?.messages.at(-1)).toMatchObject({ text: 'Hello there', tick: 'delivered' })
    const [latest] = conversations
    expect(latest).toMatchObject({ name: 'Maria Souza', phone: `+${MARIA}`, status: 'open' })
    expect(latest?.messages.at(-1)).toMatchObject({ content: 'Hello there', type: 'incoming' })
  })

  it.each(['photo', 'clip', 'voice', 'recording', 'paper', 'sticker'] as const)(
    'shows the %s of a customer on both sides under its own address',
    async (sample) => {
      const { bytes } = SAMPLES[sample]
      const before = demo.world.chatwoot.allMessages().length
      await say({ kind: 'file', file: { sample } })
      const last = () => demo.world.chatwoot.allMessages().slice(before)
      await demo.world.chatwoot.waitFor(() => last().some((m) => m.attachments.length > 0))
      const { chats, conversations } = await state()
      const media = chats[0]?.messages.at(-1)?.media
      expect(await isEqual(media?.url ?? '', bytes)).toBe(true)
      const attachment = conversations[0]?.messages.at(-1)?.attachments[0]
      expect(await isEqual(attachment?.url ?? '', bytes)).toBe(true)
    },
  )

  it('carries a file of the visitor to the phone', async () => {
    const bytes = Buffer.from('a,b\n1,2\n')
    const file = { fileName: 'table.csv', mimetype: 'text/csv', base64: bytes.toString('base64') }
    const { id = 0 } =
      (await state()).conversations.find(({ phone }) => phone === `+${MARIA}`) ?? {}
    expect((await post(`conversations/${id}/replies`, { files: [file] })).status).toBe(200)
    await demo.world.wasender.waitFor(() => demo.world.wasender.inbox(MARIA).at(-1)?.media)
    const media = (await chat())?.messages.at(-1)?.media
    expect(media).toMatchObject({ fileName: 'table.csv' })
    expect(await isEqual(media?.url ?? '', bytes)).toBe(true)
    const answer = await fetch(demo.url + (media?.url ?? ''))
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; .*table\.csv$/)
  })

  it('shows reactions, edits and deletions on the message they belong to', async () => {
    await say({ kind: 'text', text: 'At four' })
    const { keyId = '' } = (await chat())?.messages.at(-1) ?? {}
    const on = { from: MARIA, keyId }
    await post(`chats/${MARIA}/react`, { ...on, emoji: '👍' })
    await post(`chats/${MARIA}/react`, { ...on, from: 'business', emoji: '🎉' })
    await post(`chats/${MARIA}/edit`, { ...on, text: 'At five' })
    const bubble = async () => (await chat())?.messages.at(-1)
    expect(await bubble()).toMatchObject({
      text: 'At five',
      reactions: [
        { author: MARIA, emoji: '👍' },
        { author: 'business', emoji: '🎉' },
      ],
    })
    await post(`chats/${MARIA}/react`, { ...on, emoji: '' })
    await post(`chats/${MARIA}/delete`, on)
    expect(await bubble()).toMatchObject({ reactions: [{ author: 'business' }] })
    expect((await bubble())?.deletedAt).toBeGreaterThan(0)
  })

  it.each(KINDS)('shows $id on both sides', async ({ id, shown }) => {
    const before = demo.world.chatwoot.allMessages().length
    const body = { from: MARIA, kind: id }
    expect((await post(`chats/${MARIA}/kinds`, body)).status).toBe(200)
    const first = shown[0]?.content ?? /^$/
    await demo.world.chatwoot.waitFor(() =>
      demo.world.chatwoot
        .allMessages()
        .slice(before)
        .some(({ content }) => first.test(content ?? '')),
    )
    const { messages = [] } = (await chat()) ?? {}
    for (const { kind, card, media } of messages) {
      if (kind === 'other') expect(card?.title).toMatch(/^[A-Z][A-Za-z ]+$/)
      if (media !== undefined) expect((await fetch(demo.url + media.url)).status).toBe(200)
    }
  })

  it('sends kinds from phones of customers only, and only to the business', async () => {
    const kind = KINDS[0]?.id
    const club = (await state()).chats.find(({ isGroup }) => isGroup)?.id
    for (const [id, from] of [
      [MARIA, 'business'],
      [club, MARIA],
      [MARIA, '12025550102'],
    ]) {
      expect((await post(`chats/${id}/kinds`, { from, kind })).status).toBe(500)
    }
    expect((await post(`chats/${MARIA}/kinds`, { from: MARIA, kind: 'song' })).status).toBe(400)
  })

  it('counts the votes in a poll', async () => {
    const { id = 0 } =
      (await state()).conversations.find(({ phone }) => phone === `+${MARIA}`) ?? {}
    await post(`conversations/${id}/replies`, { text: '!poll Color? | Blue | Red', private: true })
    await demo.world.wasender.waitFor(() => demo.world.wasender.inbox(MARIA).at(-1)?.poll)
    const { keyId = '' } = (await chat())?.messages.at(-1) ?? {}
    const vote = (option: string) =>
      post(`chats/${MARIA}/vote`, { from: MARIA, keyId, option }).then(chat)
    expect((await vote('Blue'))?.messages.at(-1)?.poll?.options).toEqual([
      { name: 'Blue', voters: [MARIA] },
      { name: 'Red', voters: [] },
    ])
    expect((await vote('Red'))?.messages.at(-1)?.poll?.options).toMatchObject([
      { voters: [] },
      { voters: [MARIA] },
    ])
    await vote('Red')
    expect((await chat())?.messages.at(-1)?.poll?.options).toMatchObject([
      { voters: [] },
      { voters: [] },
    ])
  })

  it('sends the state after every change', async () => {
    const { body } = await fetch(`${demo.url}/events`)
    let seen = ''
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      if (seen === '') await say({ kind: 'text', text: 'From the shop' }, 'business')
      seen += chunk
      if (seen.includes('From the shop')) break
    }
    expect(seen).toMatch(/^event: state\ndata: \{/)
  })

  it.each([
    [{ from: MARIA, said: { kind: 'text', text: '  ' } }, 'text'],
    [{ from: MARIA, said: { kind: 'song' } }, 'kind'],
    [{ from: MARIA, said: { kind: 'file', file: { sample: 'nothing' } } }, 'file'],
    [{}, 'from'],
    ['nothing', 'object'],
  ])('refuses the body %j', async (body, why) => {
    const answer = await post(`chats/${MARIA}/say`, body)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(why)
  })

  it('refuses what other pages could send', async () => {
    const plain = await post('session/log-out', {}, { 'content-type': 'text/plain' })
    expect(plain.status).toBe(403)
    expect((await state()).session).toBe('connected')
  })

  it('leads to the admin pages, signed in, and keeps the token to itself', async () => {
    const answer = await fetch(`${demo.url}/admin/accounts/demo`, { redirect: 'manual' })
    const { bridge, adminToken } = demo.world
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(`${bridge.url}/admin/accounts/demo`)
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).not.toContain(adminToken)
    const page = await fetch(`${bridge.url}/admin`, { headers: { cookie: cookie.split(';')[0] } })
    expect(page.url).toBe(`${bridge.url}/admin`)
    expect(await page.text()).toContain('Sign out')
    expect(JSON.stringify(await state())).not.toContain(adminToken)
  })

  it('scans a code only while there is one', async () => {
    expect((await post('session/scan', {})).status).toBe(500)
    await post('session/log-out', {})
    expect((await state()).session).toBe('need_scan')
    const { chatwoot } = demo.world
    const { codes } = await operatorThread(chatwoot)
    await chatwoot.waitFor(() => codes().length === 1)
    expect((await post('session/scan', {})).status).toBe(200)
    expect((await state()).session).toBe('connected')
    await chatwoot.waitFor(() => codes().length === 0)
  })

  it('tells the conversation of operators from those of customers', async () => {
    const operators = (await state()).conversations.filter(({ isOperator }) => isOperator)
    expect(operators.map(({ name }) => name)).toEqual(['WhatsApp connection'])
  })

  it('serves the page and nothing else of its folder', async () => {
    const page = await fetch(demo.url)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect((await fetch(`${demo.url}/js/main.js`)).status).toBe(200)
    const hidden = [
      '/js/marks/marks.test.ts',
      '/%2e%2e/demo/start.ts',
      '/nothing',
      '/media/phone/nothing',
      '/media/nothing/1',
    ]
    const statuses = await Promise.all(
      hidden.map(async (path) => (await fetch(demo.url + path)).status),
    )
    expect(statuses).toEqual(hidden.map(() => 404))
  })

  it('answers 500 without details when an action fails', async () => {
    const answer = await post('messages/999999/retry', {})
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ error: 'This did not work.' })
  })
})
