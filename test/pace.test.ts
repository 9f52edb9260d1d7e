import { afterEach, describe, expect, it } from 'vitest'
import { startWorld, type World, type WorldOptions } from './support/world.ts'

const PHONES = Array.from({ length: 5 }, (_, n) => `+1202555010${n}`)
const WAIT = { timeoutMs: 40_000 }
const PACE = 1_000
let world: World
afterEach(() => world.close())

/** One conversation for each of the customers. */
async function start(options: WorldOptions): Promise<void> {
  world = await startWorld(options)
  const { wasender, chatwoot } = world
  for (const phone of PHONES) wasender.person({ phone, name: phone }).sendText('Hello')
  await chatwoot.waitFor(() => chatwoot.allMessages().length >= PHONES.length, WAIT)
  await chatwoot.settled()
}

async function replyToAll(text: string): Promise<void> {
  for (const { id } of world.chatwoot.conversations()) {
    await world.chatwoot.agent().reply(id, text)
  }
}

const sends = () => world.wasender.callsTo('/send-message')
const accepted = () => sends().filter(({ status }) => status === 200)
/** How far apart they came, shortest first. */
const distances = () =>
  accepted()
    .map(({ at }, index, all) => at - (all[index - 1]?.at ?? Number.NEGATIVE_INFINITY))
    .toSorted((a, b) => a - b)
const firstArrived = () =>
  world.wasender.waitFor(() => PHONES.some((phone) => world.wasender.inbox(phone).length > 0), WAIT)
const allGot = (texts: number) =>
  world.wasender.waitFor(
    () => PHONES.every((phone) => world.wasender.inbox(phone).length === texts),
    WAIT,
  )

describe('the pace of a session', () => {
  it('is kept after the session was down', async () => {
    await start({ options: { pace: PACE } })
    const { wasender } = world
    await replyToAll('before')
    await firstArrived()
    await wasender.setStatus(1, 'logged_out')
    // Longer than all of them had to wait for their turns.
    await expect.poll(() => Date.now() - (accepted()[0]?.at ?? 0)).toBeGreaterThan(5 * PACE)
    await wasender.setStatus(1, 'connected')
    await allGot(1)
    expect(distances()[0]).toBeGreaterThanOrEqual(PACE)
  })

  it('is kept when the bridge was killed', async () => {
    await start({ options: { pace: PACE } })
    await replyToAll('before')
    await firstArrived()
    await world.bridge.kill()
    await expect.poll(() => Date.now() - (accepted()[0]?.at ?? 0)).toBeGreaterThan(4 * PACE)
    await world.restart()
    await allGot(1)
    expect(distances()[0]).toBeGreaterThanOrEqual(PACE)
  })

  it('is that of account protection from the first send after a start on', async () => {
    const paceMs = 5_000
    await start({
      withAccessToken: true,
      options: { pace: 'auto' },
      wasender: {
        paceMs,
        sessions: [{ webhookSecret: 'wasender-webhook-secret', accountProtection: true }],
      },
    })
    await world.bridge.kill()
    // The platform takes its time to say so.
    const { wasender } = world
    wasender.faults.add({ kind: 'delay', ms: 3_000, method: 'GET', path: '/whatsapp-sessions' })
    await world.restart()
    await replyToAll('one')
    await wasender.waitFor(() => accepted().length === 3, WAIT)
    expect(sends().map(({ status }) => status)).toEqual([200, 200, 200])
  })
})
