import { afterEach, describe, expect, it } from 'vitest'
import { type ClockedWorld, startClockedWorld } from '../support/clocked-world.ts'

const PHONES = ['+15550001111', '+15550003333', '+15550004444']
const WAIT = { timeoutMs: 20_000 }
let world: ClockedWorld
afterEach(() => world.close())

async function start(options: Parameters<typeof startClockedWorld>[0] = {}): Promise<void> {
  world = await startClockedWorld(options)
  const { wasender, chatwoot } = world
  for (const phone of PHONES) wasender.person({ phone, name: phone }).sendText('Hello')
  await chatwoot.waitFor(() => chatwoot.conversations().length === PHONES.length, WAIT)
  await chatwoot.waitFor(() => chatwoot.allMessages().length >= PHONES.length, WAIT)
  await chatwoot.settled()
}

const sendCalls = () => world.wasender.callsTo('/send-message')
const refusedSends = () =>
  world.failedAttempts.filter(({ lane }) => lane.direction === 'out').length
const reply = (conversation: number) =>
  world.chatwoot.agent().reply(conversation, `to ${conversation}`)
const conversations = () => world.chatwoot.conversations().map(({ id }) => id)
const allGot = () =>
  world.wasender.waitFor(
    () => PHONES.every((phone) => world.wasender.inbox(phone).length === 1),
    WAIT,
  )

describe('a 429', () => {
  const inTwoSeconds = () => String(Math.ceil(Date.now() / 1000) + 2)
  it.each([
    ['retry_after in the body', () => ({ status: 429, body: { retry_after: 2 } })],
    [
      'a refusal with retry_after and another status',
      () => ({ status: 200, body: { success: false, message: 'Slow down', retry_after: 2 } }),
    ],
    ['Retry-After', () => ({ status: 429, headers: { 'Retry-After': '2' } })],
    [
      'Retry-After as a date',
      () => ({
        status: 429,
        headers: { 'Retry-After': new Date(Date.now() + 4_000).toUTCString() },
      }),
    ],
    [
      'X-RateLimit-Reset in seconds',
      () => ({ status: 429, headers: { 'X-RateLimit-Reset': '2' } }),
    ],
    [
      'X-RateLimit-Reset as a time',
      () => ({ status: 429, headers: { 'X-RateLimit-Reset': inTwoSeconds() } }),
    ],
  ])('pauses the whole session (%s)', async (_form, answer) => {
    await start()
    const fault = { kind: 'answer', method: 'POST', path: '/send-message', times: 1 } as const
    world.wasender.faults.add({ ...fault, ...answer() })
    const [first = 0, ...rest] = conversations()
    await reply(first)
    await expect.poll(refusedSends).toBe(1)
    for (const conversation of rest) await reply(conversation)
    await allGot()
    const [refused, ...others] = sendCalls()
    expect(others).toHaveLength(PHONES.length)
    for (const { at } of others) expect(at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(950)
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

describe('pace: auto', () => {
  it('spaces the sends of a protected session from the first on, when there is a token', async () => {
    const paceMs = 5_000
    await start({
      withToken: true,
      options: { pace: 'auto' },
      wasender: { paceMs, sessions: [{ accountProtection: true }] },
    })
    await world.wasender.waitFor(
      () => world.wasender.callsTo(/\/whatsapp-sessions\/\d+$/).length > 0,
      WAIT,
    )
    for (const conversation of conversations()) await reply(conversation)
    await allGot()
    // Had it to learn from a refusal, the second would have been tried a quarter of a second after the first.
    const [first, second] = sendCalls()
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(0.8 * paceMs)
  })
})
