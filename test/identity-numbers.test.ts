import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientOf } from '../sandbox/chatwoot/test-support.ts'
import { arrived } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const COUNTRIES = [
  ['Brazil', '+5531987654321', '+553187654321'],
  ['Mexico', '+5215512345678', '+525512345678'],
  ['Argentina', '+5491123456789', '+541123456789'],
] as const

/** WhatsApp's spelling and the one people dial, both ways round. */
const SPELLINGS = COUNTRIES.flatMap(([country, long, short]) => [
  { country, whatsapp: short, dialled: long },
  { country, whatsapp: long, dialled: short },
])

const person = ({ whatsapp, dialled }: { whatsapp: string; dialled: string }) =>
  world.wasender.person({
    phone: whatsapp,
    lid: '189975000000001',
    name: 'Ana',
    aliases: [dialled],
  })

async function arrives(given: (typeof SPELLINGS)[number], text: string) {
  const { keyId } = person(given).sendText(text)
  return world.chatwoot.waitFor(() =>
    world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
  )
}

describe.each(SPELLINGS)('a number of $country that WhatsApp writes $whatsapp', (given) => {
  it('lets the answer land where the agent wrote to the dialled number', async () => {
    const { wasender, chatwoot } = world
    person(given)
    const inboxId = chatwoot.inboxes()[0]!.id
    const { id } = await chatwoot
      .agent()
      .startConversation({ inboxId, phone: given.dialled, text: 'Hello' })
    await wasender.waitFor(() => wasender.inbox(given.whatsapp)[0])
    await chatwoot.settled()
    expect((await arrives(given, 'Hello yourself')).conversationId).toBe(id)
    expect(chatwoot.contacts()).toMatchObject([{ phoneNumber: given.dialled }])

    await chatwoot.agent().reply(id, 'How are you?')
    await wasender.waitFor(() => wasender.inbox(given.whatsapp).at(-1)?.text === 'How are you?')
    const last = wasender.callsTo('/send-message').at(-1)
    expect(last?.body).toMatchObject({ to: given.whatsapp })
  })

  it('is the contact an agent made with the dialled number', async () => {
    const fields = { name: 'Ana Lima', phone_number: given.dialled }
    await clientOf(world.chatwoot)('POST', 'contacts', fields)
    await arrives(given, 'Hello')
    expect(world.chatwoot.contacts()).toMatchObject([
      { name: 'Ana Lima', phoneNumber: given.dialled },
    ])
    expect(world.chatwoot.conversations()).toHaveLength(1)
  })
})

describe('what is no telephone number', () => {
  const say = (remoteJid: string, id: string, fields: object = {}) =>
    world.wasender.emit(world.wasender.session().id, 'messages.upsert', {
      messages: {
        key: { id, fromMe: false, remoteJid, ...fields },
        pushName: 'Ana',
        messageTimestamp: Math.floor(Date.now() / 1000),
        message: { conversation: 'Hello' },
      },
    })

  it.each(['0', '0123456789', '1234567890123456', '12345678901234567890', '7'])(
    '%s writes, and is a contact without one',
    async (digits) => {
      const jid = `${digits}@s.whatsapp.net`
      await say(jid, '3EB0ODDNUMBER0001')
      const first = await arrived(world, '3EB0ODDNUMBER0001')
      await world.wasender.emit(world.wasender.session().id, 'contacts.update', [
        { id: jid, lid: '189975000000009@lid', notify: 'Ana Lima' },
      ])
      await expect
        .poll(() => world.chatwoot.contacts(), { timeout: 20_000 })
        .toMatchObject([{ name: 'Ana Lima', phoneNumber: null }])
      await say('189975000000009@lid', '3EB0ODDNUMBER0002')
      const second = await arrived(world, '3EB0ODDNUMBER0002')
      expect(second.conversationId).toBe(first.conversationId)
    },
  )

  it('stays away from the contact of somebody known by LID', async () => {
    await say('189975000000009@lid', '3EB0ODDNUMBER0001')
    const first = await arrived(world, '3EB0ODDNUMBER0001')
    const senderPn = '0155500011110@s.whatsapp.net'
    await say('189975000000009@lid', '3EB0ODDNUMBER0002', { senderPn })
    const second = await arrived(world, '3EB0ODDNUMBER0002')
    expect(second.conversationId).toBe(first.conversationId)
    expect(world.chatwoot.contacts()).toMatchObject([{ phoneNumber: null }])
  })
})
