import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

const PHONE = '15550001111'
let standIn: TestStandIn
beforeEach(async () => {
  standIn = await startTestStandIn()
})
afterEach(() => standIn.close())

async function control(method: string, path: string, json?: unknown) {
  const response = await fetch(`${standIn.url}/_sandbox${path}`, {
    method,
    ...(json === undefined
      ? {}
      : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
const say = (json: object) => control('POST', `/people/${PHONE}/messages`, json)

describe('people over HTTP', () => {
  it.each([
    ['text', { text: 'Hola' }],
    ['image', { base64: 'aGVsbG8=', mimetype: 'image/png', caption: 'Look' }],
    ['document', { base64: 'aGVsbG8=', mimetype: 'application/pdf', fileName: 'a.pdf' }],
    ['location', { location: { latitude: 1.5, longitude: 2 } }],
    ['contact', { contact: { name: 'John Example', phone: '+15550003333' } }],
    ['poll', { poll: { question: 'Which?', options: ['A', 'B'] } }],
  ])('send %s', async (kind, content) => {
    const { status, body } = await say({ kind, name: 'Maria Example', ...content })
    expect(status).toBe(201)
    await standIn.waitFor(() => standIn.receiver.received.length === 3)
    const { body: phone } = await control('GET', `/people/${PHONE}/messages`)
    expect(phone.messages).toMatchObject([{ kind, keyId: body.keyId, direction: 'sent' }])
    expect(phone.messages[0]).not.toHaveProperty('node')
  })

  it('reply, react, edit, delete and call', async () => {
    const { keyId } = (await say({ kind: 'text', text: 'Hola' })).body
    await say({ kind: 'reply', keyId, text: 'and this' })
    await say({ kind: 'reaction', keyId, emoji: '👍' })
    await say({ kind: 'edit', keyId, text: 'Corrected' })
    await say({ kind: 'revoke', keyId })
    await say({ kind: 'call', isVideo: true })
    await standIn.waitFor(() => standIn.receiver.bodies('call').length === 1)
    const [first, second, third] = standIn.chat(PHONE)
    expect(first).toMatchObject({ text: 'Corrected', deletedAt: expect.any(Number) })
    expect(second).toMatchObject({ quoted: keyId })
    expect(third).toMatchObject({ kind: 'reaction', text: '👍' })
  })

  it('vote and read', async () => {
    const poll = { question: 'Lunch?', options: ['Pizza', 'Soup'] }
    await standIn.request('POST', '/send-message', { to: `+${PHONE}`, poll })
    const { keyId } = await standIn.waitFor(() => standIn.inbox(PHONE)[0])
    await say({ kind: 'vote', keyId, choices: ['Soup'] })
    await say({ kind: 'receipt', keyId, status: 4 })
    await standIn.waitFor(() => standIn.receiver.bodies('poll.results').length === 1)
    expect(standIn.inbox(PHONE)[0]?.readAt).toEqual(expect.any(Number))
  })

  it('says what is wrong with a request', async () => {
    const { status, body } = await say({ kind: 'text' })
    expect(status).toBe(400)
    expect(body.error).toContain('text')
  })

  it('passes on how the webhooks should look', async () => {
    await say({
      kind: 'text',
      text: 'Hola',
      options: { events: ['messages.upsert'], container: 'array' },
    })
    await standIn.waitFor(() => standIn.receiver.received.length === 1)
    expect(standIn.receiver.bodies('messages.upsert')[0]?.data).toHaveProperty('messages.0.key')
  })
})

describe('the stand-in over HTTP', () => {
  it('sets and clears faults', async () => {
    await control('POST', '/faults', { kind: 'html', path: '/status', times: 1 })
    await control('POST', '/faults', { webhooks: { duplicate: 1 }, echo: { never: true } })
    expect(standIn.faults.list()).toEqual([{ kind: 'html', path: '/status', times: 1 }])
    expect(standIn.webhookFaults.duplicate).toBe(1)
    expect(standIn.echo.never).toBe(true)
    expect((await control('DELETE', '/faults')).status).toBe(204)
    expect(standIn.faults.list()).toEqual([])
    expect(standIn.webhookFaults).toEqual({})
    expect((await control('POST', '/faults', { kind: 'earthquake' })).status).toBe(400)
  })

  it('moves sessions and types on the phone', async () => {
    expect((await control('POST', '/sessions/1/status', { status: 'need_scan' })).status).toBe(200)
    const { body: state } = await control('GET', '/state')
    expect(state.sessions).toMatchObject([
      { id: 1, status: 'need_scan', qr: expect.stringMatching(/^2@/) },
    ])
    await control('POST', '/sessions/1/scan')
    expect(standIn.session().status).toBe('connected')
    await control('POST', '/sessions/1/typed', { to: `+${PHONE}`, text: 'From the phone' })
    expect(standIn.inbox(PHONE)).toMatchObject([{ typed: true, text: 'From the phone' }])
    expect((await control('POST', '/sessions/9/status', { status: 'connected' })).status).toBe(404)
    expect((await control('POST', '/sessions/1/status', { status: 'asleep' })).status).toBe(400)
  })

  it('gives no secret away', async () => {
    const text = await (await fetch(`${standIn.url}/_sandbox/state`)).text()
    expect(text).not.toContain(standIn.session().apiKey)
    expect(text).not.toContain(standIn.session().webhookSecret)
  })

  it.each([
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://example.com', null],
  ])('lets pages from %s in: %s', async (origin, allowed) => {
    const response = await fetch(`${standIn.url}/_sandbox/state`, { headers: { origin } })
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed)
  })

  it('streams what happens', async () => {
    const response = await fetch(`${standIn.url}/_sandbox/events`)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let seen = ''
    const until = async (text: string) => {
      while (!seen.includes(text)) seen += (await reader?.read())?.value ?? ''
    }
    await until('event: ready')
    await say({ kind: 'text', text: 'Hola' })
    await until('event: webhook')
    expect(seen).toContain('event: message\n')
    expect(seen).toContain('"text":"Hola"')
    expect(seen).not.toContain(standIn.session().apiKey)
    await reader?.cancel()
  })
})
