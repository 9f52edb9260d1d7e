import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signChatwootWebhook } from '../src/platforms/chatwoot/webhook.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let secret: string
let chatwootSecret: string

beforeAll(async () => {
  world = await startWorld()
  secret = world.wasender.session().webhookSecret
  chatwootSecret = world.chatwoot.inboxes()[0]?.secret ?? ''
})
afterAll(() => world.close())

const WASENDER = '/webhooks/wasender/sales'
const CHATWOOT = '/webhooks/chatwoot/sales'

function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  return fetch(`${world.bridge.url}${path}`, { method: 'POST', body, headers })
}

function signed(body: string, at = Date.now()) {
  return { ...signChatwootWebhook(new TextEncoder().encode(body), chatwootSecret, at / 1000) }
}

async function metric(name: string, ...labels: string[]): Promise<number> {
  const text = await (await fetch(`${world.bridge.url}/metrics`)).text()
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

describe('a webhook that cannot prove where it comes from', () => {
  it.each([
    ['no secret', WASENDER, {}],
    ['a wrong secret', WASENDER, { 'X-Webhook-Signature': 'wrong' }],
    ['a wrong secret, one route for all', '/api/webhook', { 'X-Webhook-Signature': 'wrong' }],
    ['an unknown account', '/webhooks/wasender/nobody', { 'X-Webhook-Signature': 'x' }],
    ['no signature', CHATWOOT, {}],
    ['a token nobody configured', `${CHATWOOT}/guess`, {}],
  ])('%s: 401', async (_name, path, headers) => {
    const answer = await post(path, '{"event":"messages.upsert"}', headers)
    expect(answer.status).toBe(401)
  })

  it('a wrong signature and not JSON: still 401, since nothing is parsed before', async () => {
    expect((await post(WASENDER, 'not json', { 'X-Webhook-Signature': 'no' })).status).toBe(401)
  })

  it('a signature older than five minutes: 401', async () => {
    const body = '{"event":"message_created"}'
    expect((await post(CHATWOOT, body, signed(body, Date.now() - 301_000))).status).toBe(401)
    expect((await post(CHATWOOT, body, signed(body))).status).toBe(200)
  })
})

describe('an authentic webhook', () => {
  it('that is not JSON: 400', async () => {
    const auth = { 'X-Webhook-Signature': secret }
    expect((await post(WASENDER, '{"event":', auth)).status).toBe(400)
    expect((await post(WASENDER, new Uint8Array([0xff, 0xfe]), auth)).status).toBe(400)
    expect((await post(CHATWOOT, 'hello', signed('hello'))).status).toBe(400)
  })

  it('over 5 MB: 413, announced or not', async () => {
    const large = 'x'.repeat(5 * 1024 * 1024 + 1)
    const auth = { 'X-Webhook-Signature': secret }
    expect((await post(WASENDER, large, auth)).status).toBe(413)
    const chunked = new ReadableStream({
      start(controller) {
        for (let mb = 0; mb < 6; mb += 1) controller.enqueue(new Uint8Array(1024 * 1024))
        controller.close()
      },
    })
    const answer = await fetch(`${world.bridge.url}${WASENDER}`, {
      method: 'POST',
      body: chunked,
      headers: auth,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(413)
  })

  it.each([
    '{}',
    '[]',
    'null',
    '42',
    '"text"',
    '{"event":"messages.upsert"}',
    '{"event":"messages.upsert","data":{"messages":[null,1,{}]}}',
    '{"event":"something.new","data":{"a":1}}',
    '{"event":{"nested":true}}',
  ])('of an unknown shape (%s): 200 and counted', async (body) => {
    const before = await metric('bridge_webhooks_total', 'source="wasender"')
    const answer = await post(WASENDER, body, { 'X-Webhook-Signature': secret })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ received: true })
    expect(await metric('bridge_webhooks_total', 'source="wasender"')).toBe(before + 1)
  })

  it('on the address for all accounts: the secret names the account', async () => {
    const answer = await post('/api/webhook', '{"event":"webhook.test","data":{}}', {
      'X-Webhook-Signature': secret,
    })
    expect(answer.status).toBe(200)
  })
})

describe('the other routes', () => {
  it.each([WASENDER, CHATWOOT, '/api/webhook', '/webhooks/wasender/nobody'])(
    'GET %s: 200, whatever the account',
    async (path) => {
      const answer = await fetch(`${world.bridge.url}${path}`)
      expect([answer.status, await answer.json()]).toEqual([200, { received: true }])
    },
  )

  it('health, readiness and metrics answer', async () => {
    expect((await fetch(`${world.bridge.url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${world.bridge.url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
    const metrics = await (await fetch(`${world.bridge.url}/metrics`)).text()
    for (const name of ['bridge_waiting', 'bridge_store_entries', 'process_cpu_seconds_total']) {
      expect(metrics).toContain(name)
    }
  })

  it('anything else: 404', async () => {
    expect((await fetch(`${world.bridge.url}/elsewhere`)).status).toBe(404)
  })
})

describe('the log', () => {
  it('holds no secret, text or number', async () => {
    const { wasender, chatwoot, bridge } = world
    const person = wasender.person({ phone: '+15550007777', lid: '189975000000077', name: 'Zed' })
    const said = person.sendText('a very private sentence')
    await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === said.keyId),
    )
    const text = JSON.stringify(bridge.log)
    expect(bridge.log.length).toBeGreaterThan(5)
    for (const hidden of [
      'private sentence',
      '15550007777',
      '189975000000077',
      secret,
      chatwootSecret,
      wasender.session().apiKey,
      chatwoot.adminToken,
    ]) {
      expect(text).not.toContain(hidden)
    }
  })
})
