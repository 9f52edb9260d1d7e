import { afterEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+15550001111'
const OTHER = '+15550003333'
let world: World
afterEach(() => world.close())

describe('order in a chat', () => {
  it('holds from the customer to the agent while messages are retried, and other chats go on', async () => {
    world = await startWorld()
    const { wasender, chatwoot } = world
    const maria = wasender.person({ phone: PHONE, name: 'Maria' })
    const paul = wasender.person({ phone: OTHER, name: 'Paul' })
    for (const person of [maria, paul]) person.sendText('hello')
    await chatwoot.waitFor(() => chatwoot.allMessages().length >= 2)
    const conversationOf = (phone: string) => {
      const contact = chatwoot.contacts().find(({ phoneNumber }) => phoneNumber === phone)
      return chatwoot.conversations().find(({ contactId }) => contactId === contact?.id)
    }
    const [mine, other] = [conversationOf(PHONE), conversationOf(OTHER)]
    const path = `/conversations/${mine!.id}/messages`
    chatwoot.faults.add({ kind: 'answer', status: 500, method: 'POST', path, times: 2 })
    for (let n = 0; n < 5; n += 1) maria.sendText(`${n}`)
    paul.sendText('not held up')
    await chatwoot.waitFor(() =>
      chatwoot.messages(other!.id).some(({ content }) => content === 'not held up'),
    )
    await chatwoot.waitFor(
      () => chatwoot.messages(mine!.id).some(({ content }) => content === '4'),
      { timeoutMs: 15_000 },
    )
    const texts = chatwoot.messages(mine!.id).map(({ content }) => content)
    expect(texts.filter((text) => /^\d$/.test(text ?? ''))).toEqual(['0', '1', '2', '3', '4'])
  })

  it('holds from the agent to the customer although Chatwoot shuffles its webhooks', async () => {
    world = await startWorld({ chatwoot: { seed: 7 } })
    const { wasender, chatwoot } = world
    wasender.person({ phone: PHONE, name: 'Maria' }).sendText('hello')
    await chatwoot.waitFor(() => chatwoot.allMessages().length >= 1)
    await chatwoot.settled()
    chatwoot.setWebhookFaults({ delayMs: [0, 150], duplicate: 1 })
    const texts = Array.from({ length: 12 }, (_, n) => `reply ${n}`)
    for (const text of texts) await chatwoot.agent().reply(1, text)
    await wasender.waitFor(() => wasender.inbox(PHONE).length >= texts.length, {
      timeoutMs: 20_000,
    })
    await chatwoot.settled()
    expect(wasender.inbox(PHONE).map(({ text }) => text)).toEqual(texts)
  })

  it('holds while the gateway asks to wait', async () => {
    world = await startWorld()
    const { wasender, chatwoot } = world
    wasender.person({ phone: PHONE, name: 'Maria' }).sendText('hello')
    await chatwoot.waitFor(() => chatwoot.allMessages().length >= 1)
    await chatwoot.settled()
    wasender.faults.add({
      kind: 'answer',
      status: 429,
      body: { message: 'You are on a free trial.', retry_after: 1 },
      path: '/send-message',
      times: 2,
    })
    const texts = ['one', 'two', 'three']
    for (const text of texts) await chatwoot.agent().reply(1, text)
    await wasender.waitFor(() => wasender.inbox(PHONE).length >= 3, { timeoutMs: 20_000 })
    expect(wasender.inbox(PHONE).map(({ text }) => text)).toEqual(texts)
  })
})
