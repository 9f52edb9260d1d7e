import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signChatwootWebhook } from '../src/platforms/chatwoot/webhook.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let secret: string
let chatwootSecret: string

const ADMIN_TOKEN = 'a-long-random-token-of-the-admins'
const MB = 1_000_000

beforeAll(async () => {
  world = await startWorld({
    withAccessToken: true,
    config: {
      server: {
        host: '127.0.0.1',
        port: 0,
        publicUrl: 'http://127.0.0.1',
        adminToken: ADMIN_TOKEN,
      },
    },
  })
  secret = world.wasender.session().webhookSecret
  chatwootSecret = world.chatwoot.inboxes()[0]?.secret ?? ''
})
afterAll(() => world.close())

const WASENDER = '/webhooks/wasender/sales'
const CHATWOOT = '/webhooks/chatwoot/sales'

/** Headers that are well-formed and prove nothing. */
const madeUp = (at = Date.now()) => ({
  'X-Chatwoot-Timestamp': String(Math.floor(at / 1000)),
  'X-Chatwoot-Signature': `sha256=${'ab'.repeat(32)}`,
})

type Half = { socket: Socket; answer: Promise<string> }

/** Announces a body, sends a part of it and falls silent; the answer's first line, or '' when there is none. */
function sendHalf(
  path: string,
  headers: Record<string, string> = {},
  { announced = 5 * MB, sent = 0 }: { announced?: number; sent?: number } = {},
): Half {
  const socket = connect(world.bridge.port, '127.0.0.1')
  let text = ''
  const answer = new Promise<string>((resolve) => {
    const done = () => resolve(text.split('\r\n')[0] ?? '')
    socket.on('data', (chunk) => {
      text += chunk
      done()
    })
    socket.on('error', done)
    socket.on('close', done)
  })
  const lines = Object.entries({ Host: 'bridge', 'Content-Length': String(announced), ...headers })
  socket.write(
    `POST ${path} HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`,
  )
  socket.write(Buffer.alloc(sent, 'x'))
  return { socket, answer }
}

async function residentMB(): Promise<number> {
  const status = await readFile(`/proc/${world.bridge.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

const post = (path: string, body: string, headers: Record<string, string>) =>
  fetch(`${world.bridge.url}${path}`, { method: 'POST', body, headers })

function fromChatwoot(body = '{"event":"contact_updated"}') {
  const headers = signChatwootWebhook(Buffer.from(body), chatwootSecret, Date.now() / 1000)
  return post(CHATWOOT, body, headers)
}
const fromWasender = () =>
  post(WASENDER, '{"event":"webhook.test","data":{}}', { 'X-Webhook-Signature': secret })

/** Comes first: a refusal of the last seconds would make the next one faster. */
describe('the time a refusal takes', () => {
  it.each([
    ['wasender', () => ({ 'X-Webhook-Signature': 'a guess' })],
    ['chatwoot', () => madeUp()],
  ] as const)('does not tell which accounts exist: %s', async (source, headers) => {
    const faults = world[source].faults
    faults.add({ kind: 'delay', ms: 400 })
    async function times(id: string): Promise<number[]> {
      const took: number[] = []
      for (let n = 0; n < 40; n += 1) {
        const begun = performance.now()
        expect((await post(`/webhooks/${source}/${id}`, '{}', headers())).status).toBe(401)
        took.push(performance.now() - begun)
      }
      return took
    }
    const [known, unknown] = await Promise.all([times('sales'), times(`nobody-${source}`)])
    const [first, other] = [known[0] ?? 0, unknown[0] ?? 0]
    expect(Math.max(first, other) / Math.min(first, other)).toBeLessThan(1.5)
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[20] ?? 0
    const [one, two] = [median(known), median(unknown)]
    expect(Math.max(one, two) / Math.min(one, two)).toBeLessThan(3)
    faults.clear()
  })
})

describe('what the headers rule out', () => {
  it.each<[string, string, Record<string, string>]>([
    ['401', '/webhooks/chatwoot/nobody', {}],
    ['401', CHATWOOT, {}],
    ['401', CHATWOOT, { ...madeUp(), 'X-Chatwoot-Signature': 'sha256=zz' }],
    ['401', CHATWOOT, { ...madeUp(), 'X-Chatwoot-Timestamp': 'soon' }],
    ['401', CHATWOOT, madeUp(Date.now() - 301_000)],
    ['401', CHATWOOT, madeUp(Date.now() + 310_000)],
    ['401', `${CHATWOOT}/guess`, madeUp()],
    ['401', WASENDER, {}],
    ['401', WASENDER, { 'X-Webhook-Signature': 'wrong' }],
    ['401', '/webhooks/wasender/nobody', { 'X-Webhook-Signature': 'wrong' }],
    ['401', '/api/webhook', { 'X-Webhook-Signature': 'wrong' }],
    ['413', CHATWOOT, { ...madeUp(), 'Content-Length': String(6 * MB) }],
    ['413', '/admin/sign-in', {}],
    ['413', '/admin/api/sessions', {}],
    ['404', '/elsewhere', {}],
  ])('is answered %s without the body: %s %j', async (status, path, headers) => {
    const { socket, answer } = sendHalf(path, headers, { sent: 1000 })
    expect(await answer).toContain(` ${status} `)
    socket.destroy()
  })

  it.each(['sales', 'nobody'])('is answered when the body never comes: %s', async (id) => {
    const { socket, answer } = sendHalf(`/webhooks/chatwoot/${id}`, madeUp())
    expect(await answer).toBe('HTTP/1.1 401 Unauthorized')
    socket.destroy()
  })
})

describe('a crowd of strangers', () => {
  it.each<[string, string, () => Record<string, string>, number]>([
    ['without a signature', '/webhooks/chatwoot/nobody', () => ({}), 5 * MB],
    ['with a made-up one', CHATWOOT, madeUp, 5 * MB],
    ['with a made-up one, for nobody', '/webhooks/chatwoot/nobody', madeUp, 5 * MB],
    ['with a wrong secret', WASENDER, () => ({ 'X-Webhook-Signature': 'wrong' }), 5 * MB],
    [
      'at the address for all accounts',
      '/api/webhook',
      () => ({ 'X-Webhook-Signature': 'x' }),
      5 * MB,
    ],
    ['at the admin API', '/admin/api/sessions', () => ({}), 60_000],
    ['at the sign-in page', '/admin/sign-in', () => ({}), 60_000],
  ])('%s takes little memory, and keeps nobody else out', async (_, path, headers, announced) => {
    const before = await residentMB()
    const sent = Math.floor(announced * 0.98)
    const crowd = Array.from({ length: 300 }, () => sendHalf(path, headers(), { announced, sent }))
    let peak = before
    for (let look = 0; look < 10; look += 1) {
      expect((await fromChatwoot()).status).toBe(200)
      expect((await fromWasender()).status).toBe(200)
      peak = Math.max(peak, await residentMB())
      await pause(100)
    }
    for (const { socket } of crowd) socket.destroy()
    // Their bodies alone are 1,470 MB.
    expect(peak - before).toBeLessThan(200)
  })

  it('is told of once a minute, with a count', async () => {
    const told = () =>
      world.bridge.log.filter(
        ({ msg, source }) => /refused/.test(msg ?? '') && source === 'wasender',
      )
    const refused = () => post('/webhooks/wasender/made-up', '{}', { 'X-Webhook-Signature': 'no' })
    const answers = await Promise.all(Array.from({ length: 200 }, refused))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect(told().length).toBeLessThan(5)
    expect(JSON.stringify(world.bridge.log)).not.toContain('made-up')
    const metrics = await (await fetch(`${world.bridge.url}/metrics`)).text()
    const counted =
      /bridge_webhooks_total\{account="",source="wasender",event="",result="unauthorized"\} (\d+)/
    expect(Number(counted.exec(metrics)?.[1])).toBeGreaterThanOrEqual(500)
  })
})

describe('who drips', () => {
  it('is cut off, whoever it is', async () => {
    const drips = [
      sendHalf(CHATWOOT, madeUp(), { sent: 10 }),
      sendHalf(WASENDER, { 'X-Webhook-Signature': secret }, { sent: 10 }),
      sendHalf('/admin/sign-in', {}, { announced: 1000, sent: 10 }),
    ]
    const dripping = setInterval(() => {
      for (const { socket } of drips) if (socket.writable) socket.write('x')
    }, 1_000)
    const closed = drips.map(({ socket }) => new Promise((resolve) => socket.on('close', resolve)))
    await Promise.all(closed)
    clearInterval(dripping)
    expect(await drips[1]?.answer).toContain(' 408 ')
  })

  it('fills no log', () => {
    const errors = world.bridge.log.filter(({ level }) => level >= 50)
    expect(errors).toEqual([])
  })
})

describe('the admin token', () => {
  const signIn = (token: string) =>
    fetch(`${world.bridge.url}/admin/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { 'Sec-Fetch-Site': 'same-origin' },
      redirect: 'manual',
    })
  const ask = (token: string) =>
    fetch(`${world.bridge.url}/admin/api/failures`, {
      headers: { Authorization: `Bearer ${token}` },
    })
  const page = (cookie: string) =>
    fetch(`${world.bridge.url}/admin`, { headers: { Cookie: cookie }, redirect: 'manual' })

  it('gets in whatever others guess, and guesses are counted and told of calmly', async () => {
    const guesses = Array.from({ length: 100 }, (_, n) => `guess-${n}`)
    const answers = await Promise.all(guesses.flatMap((guess) => [signIn(guess), ask(guess)]))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]))
    expect((await signIn(ADMIN_TOKEN)).status).toBe(303)
    expect((await ask(ADMIN_TOKEN)).status).toBe(200)
    const metrics = await (await fetch(`${world.bridge.url}/metrics`)).text()
    const counted = /^bridge_admin_refused_total (\d+)$/m.exec(metrics)?.[1]
    expect(Number(counted)).toBeGreaterThanOrEqual(200)
    const told = world.bridge.log.filter(({ msg }) => msg?.includes('/admin were refused') === true)
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThan(5)
    expect(JSON.stringify(world.bridge.log)).not.toContain('guess-')
  })

  it('has to be given again after signing out, also after a restart', async () => {
    const [cookie = ''] = ((await signIn(ADMIN_TOKEN)).headers.get('Set-Cookie') ?? '').split(';')
    const text = await (await page(cookie)).text()
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const kept = ((await signIn(ADMIN_TOKEN)).headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
    await fetch(`${world.bridge.url}/admin/sign-out`, {
      method: 'POST',
      body: new URLSearchParams({ csrf }),
      headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' },
      redirect: 'manual',
    })
    expect((await page(cookie)).status).toBe(303)
    await world.bridge.stop()
    await world.restart()
    expect((await page(cookie)).status).toBe(303)
    expect((await page(kept)).status).toBe(200)
  })
})
