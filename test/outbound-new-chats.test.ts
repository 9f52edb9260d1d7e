import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const start = (phone: string, text = 'Good morning') =>
  world.chatwoot
    .agent()
    .startConversation({ inboxId: world.chatwoot.inboxes()[0]!.id, phone, text })

describe('a chat an agent starts', () => {
  it('reaches the customer, and the answer lands in the same conversation', async () => {
    const { wasender, chatwoot } = world
    const ana = wasender.person({ phone: '+4915550002222', name: 'Ana' })
    const conversation = await start('+4915550002222')
    await wasender.waitFor(() => wasender.inbox('+4915550002222')[0])
    const { keyId } = ana.sendText('Hello yourself')
    const answer = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
    )
    expect(answer.conversationId).toBe(conversation.id)
    expect(chatwoot.contacts()).toHaveLength(1)
    expect(wasender.countOf(/on-whatsapp/)).toBe(1)
    await chatwoot.agent().reply(conversation.id, 'And how are you?')
    await wasender.waitFor(() => wasender.inbox('+4915550002222')[1])
    expect(wasender.countOf(/on-whatsapp/)).toBe(1)
  })

  it('keeps the order of what was written before anybody knew the chat', async () => {
    const { wasender, chatwoot } = world
    wasender.faults.add({
      kind: 'answer',
      method: 'POST',
      path: '/send-message',
      status: 429,
      body: { message: 'Slow down.', retry_after: 1 },
      times: 1,
    })
    const conversation = await start('+4915550002222', 'one')
    await wasender.waitFor(() => wasender.countOf('/api/send-message') === 1)
    await chatwoot.agent().reply(conversation.id, 'two')
    await chatwoot.agent().reply(conversation.id, 'three')
    const got = await wasender.waitFor(
      () => {
        const inbox = wasender.inbox('+4915550002222')
        return inbox.length === 3 ? inbox : undefined
      },
      { timeoutMs: 20_000 },
    )
    expect(got.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })

  it('fails with the reason when the number is not on WhatsApp, and can be tried again', async () => {
    const { wasender, chatwoot } = world
    wasender.notOnWhatsapp.add('4915550003333')
    await start('+4915550003333')
    const message = () =>
      chatwoot.allMessages().find(({ messageType }) => messageType === 'outgoing')
    await chatwoot.waitFor(() => message()?.status === 'failed')
    expect(message()?.contentAttributes.external_error).toBe(
      'Not sent: this number is not on WhatsApp.',
    )
    expect(wasender.countOf('/api/send-message')).toBe(0)
    wasender.notOnWhatsapp.delete('4915550003333')
    chatwoot.agent().retry(message()!.id)
    await wasender.waitFor(() => wasender.inbox('+4915550003333')[0])
    await chatwoot.waitFor(() => message()?.status === 'delivered')
  })

  it('goes to the spelling of a number that WhatsApp knows', async () => {
    const { wasender } = world
    wasender.person({ phone: '+551187654321', name: 'Bruna' })
    wasender.notOnWhatsapp.add('5511987654321')
    await start('+5511987654321')
    const got = await wasender.waitFor(() => wasender.inbox('+551187654321')[0])
    expect(got).toMatchObject({ text: 'Good morning' })
  })
})
