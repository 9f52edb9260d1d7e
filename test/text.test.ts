import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const incoming = (conversation: number) =>
  world.chatwoot.messages(conversation).filter((message) => message.messageType === 'incoming')

describe('a text from a customer', () => {
  it('makes contact, conversation and message, then costs exactly one call', async () => {
    const { wasender, chatwoot } = world
    const maria = wasender.person({ phone: '+15550001111', lid: '189975000000001', name: 'Maria' })
    const first = maria.sendText('Hola *amigos*')
    const message = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === first.keyId),
    )
    expect(message).toMatchObject({ content: 'Hola **amigos**', messageType: 'incoming' })
    const [contact] = chatwoot.contacts()
    expect(contact).toMatchObject({ name: 'Maria', phoneNumber: '+15550001111' })
    await chatwoot.settled()

    const before = chatwoot.calls.length
    const second = maria.sendText('Are you there?')
    await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === second.keyId),
    )
    await Promise.all([first.delivered, second.delivered])
    await chatwoot.settled()
    expect(chatwoot.calls.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /api/v1/accounts/1/conversations/${message.conversationId}/messages`,
    ])
    expect(incoming(1)).toHaveLength(2)
  })
})

describe('a text from an agent', () => {
  it('is sent exactly once and gets its ticks', async () => {
    const { wasender, chatwoot } = world
    const ana = chatwoot.agent()
    const sends = wasender.countOf('/api/send-message')
    const reply = await ana.reply(1, 'Yes, **here** I am.')
    const got = await wasender.waitFor(() => wasender.inbox('+15550001111')[0])
    expect(got).toMatchObject({ kind: 'text', text: 'Yes, *here* I am.' })
    const status = () => chatwoot.messages(1).find(({ id }) => id === reply.id)?.status
    await chatwoot.waitFor(() => status() === 'delivered')
    await wasender.person({ phone: '+15550001111' }).read(got.keyId)
    await chatwoot.waitFor(() => status() === 'read')
    await chatwoot.settled()
    expect(wasender.countOf('/api/send-message')).toBe(sends + 1)
    expect(chatwoot.messages(1).filter((m) => m.messageType === 'outgoing')).toHaveLength(1)
  })

  it('never sends a private note', async () => {
    const { wasender, chatwoot } = world
    const sends = wasender.countOf('/api/send-message')
    const ana = chatwoot.agent()
    await ana.reply(1, 'Between us', { private: true })
    await ana.reply(1, 'For all to see')
    await wasender.waitFor(() => wasender.inbox('+15550001111').at(-1)?.text === 'For all to see')
    expect(wasender.countOf('/api/send-message')).toBe(sends + 1)
  })
})

describe('a text typed on the phone', () => {
  it('is mirrored with external_echo and never sent', async () => {
    const { wasender, chatwoot } = world
    const sends = wasender.countOf('/api/send-message')
    const typed = wasender.owner.typeOnPhone('+15550001111', 'Back in {{five}} minutes', {
      addressing: 'lid',
    })
    const mirrored = await chatwoot.waitFor(() =>
      chatwoot.allMessages().find(({ sourceId }) => sourceId === typed.keyId),
    )
    expect(mirrored).toMatchObject({
      conversationId: 1,
      messageType: 'outgoing',
      contentAttributes: { external_echo: true },
    })
    expect(mirrored.content).toContain('five')
    await chatwoot.settled()
    expect(wasender.countOf('/api/send-message')).toBe(sends)
  })
})
