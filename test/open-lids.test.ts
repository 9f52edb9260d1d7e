import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SayOptions } from '../sandbox/wasender/voice.ts'
import { type Fleet, startFleet } from './support/fleet.ts'

const PHONE = '+12025550143'
const LID = '189975000000143'
const HOUR = 3_600_000
const TIMEOUT = { timeoutMs: 30_000 }

const ONLY_LID: SayOptions = {
  addressing: 'lid',
  omit: ['senderPn', 'cleanedSenderPn', 'remoteJidAlt'],
}

let fleet: Fleet
beforeEach(async () => {
  fleet = await startFleet()
})
afterEach(() => fleet.close())

const chatwoot = () => fleet.chatwoots[0] as Fleet['chatwoots'][number]
const maria = (hidePhone: boolean) =>
  fleet.wasender.person({ phone: PHONE, lid: LID, name: 'Maria', hidePhone })
/** From now on WasenderAPI knows the number, and no message tells it. */
const learns = () => maria(false)

async function writes(text: string, who = maria(true), how: SayOptions = ONLY_LID) {
  const { keyId } = who.sendText(text, how)
  return chatwoot().waitFor(
    () =>
      chatwoot()
        .allMessages()
        .find(({ sourceId }) => sourceId === keyId),
    TIMEOUT,
  )
}

const questions = () => fleet.wasender.countOf(/pn-from-lid/)
const numberIsThere = () =>
  chatwoot().waitFor(
    () =>
      chatwoot()
        .contacts()
        .some((one) => one.phoneNumber === PHONE),
    TIMEOUT,
  )

async function later(ms: number): Promise<void> {
  await fleet.bridge.stop()
  fleet.clock.ahead(ms)
  await fleet.restart()
}

async function openLids(): Promise<number> {
  const metrics = await (await fetch(`${fleet.bridge.url}/metrics`)).text()
  return Number(metrics.match(/^bridge_lids_open\{account="sales"\} (\d+)$/m)?.[1])
}

describe('a customer who is known by LID only', () => {
  it('gets their number when they write again, and nobody asks any more', async () => {
    const first = await writes('Hello')
    await expect.poll(openLids).toBe(1)
    const before = questions()
    const second = await writes('Anyone?', learns())
    expect(second.conversationId).toBe(first.conversationId)
    await numberIsThere()
    expect(questions() - before).toBeLessThanOrEqual(2)
    await expect.poll(openLids).toBe(0)
    expect(chatwoot().contacts()).toHaveLength(1)
    expect((await writes('Thanks', learns())).conversationId).toBe(first.conversationId)
    const asked = questions()
    await later(24 * HOUR)
    await writes('By the way', learns())
    expect(questions()).toBe(asked)
  })

  it('gets their number in the background, after a restart and with a growing distance', async () => {
    const { conversationId } = await writes('Hello')
    await later(2 * HOUR)
    await later(72 * HOUR)
    await fleet.wasender.waitFor(() => questions() >= 2, TIMEOUT)
    learns()
    await later(30 * 24 * HOUR)
    await numberIsThere()
    await expect.poll(openLids).toBe(0)
    expect(questions()).toBeLessThan(6)
    await chatwoot().agent().reply(conversationId, 'There you are')
    await fleet.wasender.waitFor(() => fleet.wasender.inbox(PHONE)[0], TIMEOUT)
    expect(fleet.wasender.callsTo('/send-message').at(-1)?.body).toMatchObject({ to: PHONE })
  })

  it('becomes one with the contact and the conversation of the number', async () => {
    const byNumber = await writes('By number', maria(false), {
      addressing: 'pn',
      omit: ['senderLid'],
    })
    const byLid = await writes('By LID')
    expect(byLid.conversationId).not.toBe(byNumber.conversationId)
    learns()
    await later(72 * HOUR)
    await chatwoot().waitFor(() => chatwoot().contacts().length === 1, TIMEOUT)
    expect(chatwoot().contacts()).toMatchObject([{ name: 'Maria', phoneNumber: PHONE }])
    const next = await writes('Under either', learns())
    expect(next.conversationId).toBe(byLid.conversationId)
    await expect.poll(openLids).toBe(0)
  })

  it.each([
    ['422', { status: 422, body: { success: false, message: 'The lid is invalid.' } }],
    ['429', { status: 429, body: { success: false, message: 'Slow down', retry_after: 3 } }],
    ['500', { status: 500, body: { success: false } }],
  ])(
    'is asked for again after an answer %s, one after the other and not at once',
    async (_, answer) => {
      fleet.wasender.faults.add({ kind: 'answer', path: '/pn-from-lid', ...answer })
      await writes('Hello')
      await later(2 * HOUR)
      const before = questions()
      await fleet.wasender.waitFor(() => questions() > before, TIMEOUT)
      await writes('Still here')
      expect(questions() - before).toBeLessThanOrEqual(2)
      fleet.wasender.faults.clear()
      learns()
      await later(30 * 24 * HOUR)
      await numberIsThere()
    },
  )
})
