import { afterEach, expect, it } from 'vitest'
import type { Fault } from '../sandbox/faults.ts'
import { en } from '../src/content/locale/en.ts'
import { type Fleet, startFleet } from './support/fleet.ts'

const PHONE = '+12025550143'
const LID = '189975000000143'
const HOUR = 3_600_000
const TIMEOUT = { timeoutMs: 30_000 }

let fleet: Fleet
afterEach(() => fleet.close())

const chatwoot = () => fleet.chatwoots[0] as Fleet['chatwoots'][number]
const maria = () =>
  fleet.wasender.person({ phone: PHONE, lid: LID, name: 'Maria', hidePhone: true })
const message = (id: number) =>
  chatwoot()
    .allMessages()
    .find((each) => each.id === id)

async function writes(text: string) {
  const { keyId } = maria().sendText(text)
  return chatwoot().waitFor(
    () =>
      chatwoot()
        .allMessages()
        .find(({ sourceId }) => sourceId === keyId),
    TIMEOUT,
  )
}

/** What WhatsApp took and echoed, and then told nothing more of. */
async function sentInVain(...faults: Fault[]): Promise<number> {
  fleet = await startFleet()
  const { conversationId } = await writes('Hello')
  fleet.wasender.echo.acks = [2]
  for (const fault of faults) fleet.wasender.faults.add(fault)
  const { id } = await chatwoot().agent().reply(conversationId, 'Are you there?')
  await fleet.wasender.waitFor(() => fleet.wasender.callsTo('/send-message')[0]?.body, TIMEOUT)
  await fleet.wasender.waitFor(() => fleet.wasender.countOf(/\/info$/) > 0, TIMEOUT)
  return id
}

async function later(ms: number): Promise<void> {
  await fleet.bridge.stop()
  fleet.clock.ahead(ms)
  await fleet.restart()
}

it('what went to a LID counts as failed after a day without a sign, until the customer answers', async () => {
  // The first question fails, so that the next is asked hours later: the day counts from the send.
  const id = await sentInVain({ kind: 'answer', path: '/info', status: 500, times: 1 })
  expect(fleet.wasender.callsTo('/send-message')[0]?.body).toMatchObject({ to: `${LID}@lid` })
  await later(12 * HOUR)
  expect(message(id)?.status).not.toBe('failed')
  await later(16 * HOUR)
  await chatwoot().waitFor(() => message(id)?.status === 'failed', TIMEOUT)
  expect(message(id)?.contentAttributes.external_error).toBe(en.failed.unproven)
  await writes('Yes, I was away')
  await chatwoot().waitFor(() => message(id)?.status === 'delivered', TIMEOUT)
})

it('what a customer has answered is not called in doubt', async () => {
  const id = await sentInVain()
  await writes('Yes?')
  await later(28 * HOUR)
  const asked = () => fleet.wasender.countOf(/\/info$/)
  const before = asked()
  await fleet.wasender.waitFor(() => asked() > before, TIMEOUT)
  // Behind whatever is told of the first one.
  await writes('Hello?')
  await chatwoot().settled()
  expect(message(id)?.status).toBe('sent')
})
