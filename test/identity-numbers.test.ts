import { beforeEach, describe, expect, it } from 'vitest'
import { clientOf } from '../sandbox/chatwoot/test-support.ts'
import { arrived } from './support/arrived.ts'
import { type FromNowOn, fromNowOn, useWorld } from './support/use-world.ts'
import type { World } from './support/world.ts'

const shared = useWorld()
let world: World
let since: FromNowOn
beforeEach(() => {
  world = shared()
  since = fromNowOn(world)
})

const COUNTRIES = [
  ['Brazil', '+5531987654321', '+553187654321'],
  ['Mexico', '+5215512345678', '+525512345678'],
  ['Argentina', '+5491123456789', '+541123456789'],
] as const

type Spelling = { country: string; whatsapp: string; dialled: string }

/** WhatsApp's spelling and the one people dial, both ways round. */
const SPELLINGS: Spelling[] = COUNTRIES.flatMap(([country, long, short]) => [
  { country, whatsapp: short, dialled: long },
  { country, whatsapp: long, dialled: short },
])

let numbers = 1000

/** A number in the same two spellings that nobody else in the world has. */
function anotherOf({ whatsapp, dialled }: Spelling) {
  numbers += 1
  const ending = (phone: string) => phone.slice(0, -4) + numbers
  return { whatsapp: ending(whatsapp), dialled: ending(dialled), lid: `18997700000${numbers}` }
}

const person = ({ whatsapp, dialled, lid }: ReturnType<typeof anotherOf>) =>
  world.wasender.person({ phone: whatsapp, lid, name: 'Ana', aliases: [dialled] })

const arrives = (given: ReturnType<typeof anotherOf>, text: string) =>
  arrived(world, person(given).sendText(text).keyId)

describe.each(SPELLINGS)('a number of $country that WhatsApp writes $whatsapp', (spelling) => {
  it('lets the answer land where the agent wrote to the dialled number', async () => {
    const { wasender, chatwoot } = world
    const given = anotherOf(spelling)
    person(given)
    const inboxId = chatwoot.inboxes()[0]!.id
    const { id } = await chatwoot
      .agent()
      .startConversation({ inboxId, phone: given.dialled, text: 'Hello' })
    await wasender.waitFor(() => wasender.inbox(given.whatsapp)[0])
    await chatwoot.settled()
    expect((await arrives(given, 'Hello yourself')).conversationId).toBe(id)
    expect(since.contacts()).toMatchObject([{ phoneNumber: given.dialled }])

    await chatwoot.agent().reply(id, 'How are you?')
    await wasender.waitFor(() => wasender.inbox(given.whatsapp).at(-1)?.text === 'How are you?')
    const last = since.callsTo('/send-message').at(-1)
    expect(last?.body).toMatchObject({ to: given.whatsapp })
  })

  it('is the contact an agent made with the dialled number', async () => {
    const given = anotherOf(spelling)
    const fields = { name: 'Ana Lima', phone_number: given.dialled }
    await clientOf(world.chatwoot)('POST', 'contacts', fields)
    await arrives(given, 'Hello')
    expect(since.contacts()).toMatchObject([{ name: 'Ana Lima', phoneNumber: given.dialled }])
    expect(since.conversations()).toHaveLength(1)
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
      const lid = `189978${digits.slice(-9).padStart(9, '0')}@lid`
      const [firstId, secondId] = [`3EB0ODDNUMBER1${digits}`, `3EB0ODDNUMBER2${digits}`]
      await say(jid, firstId)
      const first = await arrived(world, firstId)
      await world.wasender.emit(world.wasender.session().id, 'contacts.update', [
        { id: jid, lid, notify: 'Ana Lima' },
      ])
      await expect
        .poll(() => since.contacts(), { timeout: 20_000 })
        .toMatchObject([{ name: 'Ana Lima', phoneNumber: null }])
      await say(lid, secondId)
      const second = await arrived(world, secondId)
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
    expect(since.contacts()).toMatchObject([{ phoneNumber: null }])
  })
})
