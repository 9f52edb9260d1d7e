import { beforeEach, describe, expect, it } from 'vitest'
import type { SayOptions } from '../sandbox/wasender/voice.ts'
import { arrived, quoting } from './support/arrived.ts'
import { type Customer, newCustomer, useWorld } from './support/use-world.ts'
import type { World } from './support/world.ts'

const LIST = '1700000010@broadcast'
const STORY = 'status@broadcast'

const shared = useWorld()
let world: World
let maria: Customer
/** How many there were before the test. */
let before: { contacts: number; conversations: number; sends: number }
beforeEach(() => {
  world = shared()
  maria = newCustomer(world)
  before = {
    contacts: world.chatwoot.contacts().length,
    conversations: world.chatwoot.conversations().length,
    sends: world.wasender.countOf('/send-message'),
  }
})

const contacts = () => world.chatwoot.contacts().slice(before.contacts)
const conversations = () => world.chatwoot.conversations().slice(before.conversations)
/** An id of a message that no other test has. */
const idOf = (what: string) => `3EB0${what}${maria.phone.slice(-4)}`
const toList = () => maria.inChat(LIST)
const says = async (keyId: string) => arrived(world, keyId)
const shownIn = (conversation: number) =>
  world.chatwoot
    .messages(conversation)
    .filter(({ messageType }) => messageType !== 'activity')
    .map(({ content }) => content)

const VARIANTS: [string, SayOptions][] = [
  ['by number', { addressing: 'pn', omit: ['participantLid'] }],
  ['by LID', { addressing: 'lid' }],
  [
    'by LID with an alternative',
    { addressing: 'lid', alternatives: true, omit: ['participantPn', 'cleanedParticipantPn'] },
  ],
  ['by LID alone', { addressing: 'lid', omit: ['participantPn', 'cleanedParticipantPn'] }],
  ['as a list of messages', { container: 'array' }],
]

describe('what a customer writes to a broadcast list', () => {
  it.each(VARIANTS)('is in the chat with that customer: %s', async (_name, options) => {
    const first = await says(maria.sendText('Hello').keyId)
    const second = await says(toList().sendText('We are closed on Friday', options).keyId)
    expect(second).toMatchObject({
      conversationId: first.conversationId,
      messageType: 'incoming',
      content: 'We are closed on Friday',
    })
    expect(contacts()).toMatchObject([{ name: 'Maria', phoneNumber: maria.phone }])
  })

  it('is there once, whichever events tell it', async () => {
    const first = await says(maria.sendText('Hello').keyId)
    const key = {
      id: idOf('LISTMESSAGE'),
      fromMe: false,
      remoteJid: LIST,
      participant: `${maria.lid}@lid`,
      participantPn: maria.jid,
      participantAlt: maria.jid,
    }
    const told = { messageTimestamp: Math.floor(Date.now() / 1000), broadcast: true }
    for (const event of ['messages.received', 'messages.upsert', 'messages-personal.received']) {
      const messages = { key, ...told, message: { conversation: 'To all' } }
      await world.wasender.emit(world.wasender.session().id, event, { messages })
    }
    const second = await says(key.id)
    await says(maria.sendText('marker').keyId)
    expect(second.conversationId).toBe(first.conversationId)
    expect(shownIn(first.conversationId)).toEqual(['Hello', 'To all', 'marker'])
  })

  it('opens the chat when it is the first, and is answered there', async () => {
    const first = await says(toList().sendText('Our new prices').keyId)
    expect(contacts()).toMatchObject([{ name: 'Maria', phoneNumber: maria.phone }])
    await world.chatwoot.agent().reply(first.conversationId, 'Thank you')
    await world.wasender.waitFor(() => world.wasender.inbox(maria.phone)[0])
    expect(world.wasender.callsTo('/send-message')[before.sends]?.body).toMatchObject({
      to: maria.phone,
    })
  })

  it('brings its file, and what follows it', async () => {
    const picture = toList().sendMedia('image', new Uint8Array([1, 2, 3]), {
      mimetype: 'image/png',
      caption: 'The new shop',
    })
    const shown = await says(picture.keyId)
    const { conversationId } = shown
    expect(shown.attachments).toHaveLength(1)
    const text = toList().sendText('Opne now')
    await says(text.keyId)
    const reply = await says(toList().reply(text.keyId, 'From nine').keyId)
    expect(reply.conversationId).toBe(conversationId)
    toList().react(text.keyId, '🎉')
    toList().edit(text.keyId, 'Open now')
    toList().revoke(picture.keyId)
    const all = () => shownIn(conversationId).join('\n')
    await expect.poll(all, { timeout: 20_000 }).toContain('🎉')
    await expect.poll(all, { timeout: 20_000 }).toContain('Open now')
    await expect.poll(() => quoting(world, shown).length, { timeout: 20_000 }).toBe(1)
    expect(conversations()).toHaveLength(1)
  })

  it('is one LID’s chat while the number is hidden', async () => {
    const { phone, lid, name } = maria
    const hidden = world.wasender.person({ phone, lid, name, hidePhone: true })
    const first = await says(hidden.inChat(LIST).sendText('Hello', { addressing: 'lid' }).keyId)
    const second = await says(hidden.sendText('Only for you').keyId)
    expect(second.conversationId).toBe(first.conversationId)
    expect(contacts()).toMatchObject([{ phoneNumber: null }])
  })
})

describe('what is no message of a customer', () => {
  it('is let go: a story, and what we write to a list of our own', async () => {
    await maria.inChat(STORY).sendText('My day').delivered
    const { id } = world.wasender.session()
    const own = { id: idOf('OWNLIST'), fromMe: true, remoteJid: LIST }
    const messages = { key: own, messageTimestamp: 1_700_000_000, message: { conversation: 'All' } }
    await world.wasender.emit(id, 'messages.upsert', { messages })
    const { conversationId } = await says(maria.sendText('marker').keyId)
    expect(shownIn(conversationId)).toEqual(['marker'])
    expect(conversations()).toHaveLength(1)
  })

  it('still finds its chat: a reaction to what we wrote to a list', async () => {
    const { conversationId } = await says(maria.sendText('Hello').keyId)
    const target = { id: idOf('OWNLIST'), fromMe: true, remoteJid: LIST }
    const key = { id: idOf('REACTION'), fromMe: false, remoteJid: maria.jid }
    await world.wasender.emit(world.wasender.session().id, 'messages.reaction', [
      { key: target, reaction: { text: '👏', key, senderTimestampMs: Date.now() } },
    ])
    await expect.poll(() => shownIn(conversationId).join('\n'), { timeout: 30_000 }).toContain('👏')
  })
})
