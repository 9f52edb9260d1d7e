import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SayOptions } from '../src/sandbox/wasender/voice.ts'
import { arrived, quoting } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+15550001111'
const LIST = '1700000010@broadcast'
const STORY = 'status@broadcast'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const maria = (hidePhone = false) =>
  world.wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria', hidePhone })
const toList = () => maria().inChat(LIST)
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
    const first = await says(maria().sendText('Hello').keyId)
    const second = await says(toList().sendText('We are closed on Friday', options).keyId)
    expect(second).toMatchObject({
      conversationId: first.conversationId,
      messageType: 'incoming',
      content: 'We are closed on Friday',
    })
    expect(world.chatwoot.contacts()).toMatchObject([{ name: 'Maria', phoneNumber: PHONE }])
  })

  it('is there once, whichever events tell it', async () => {
    const first = await says(maria().sendText('Hello').keyId)
    const key = {
      id: '3EB0LISTMESSAGE01',
      fromMe: false,
      remoteJid: LIST,
      participant: '189975000000001@lid',
      participantPn: '15550001111@s.whatsapp.net',
      participantAlt: '15550001111@s.whatsapp.net',
    }
    const told = { messageTimestamp: Math.floor(Date.now() / 1000), broadcast: true }
    for (const event of ['messages.received', 'messages.upsert', 'messages-personal.received']) {
      const messages = { key, ...told, message: { conversation: 'To all' } }
      await world.wasender.emit(world.wasender.session().id, event, { messages })
    }
    const second = await says(key.id)
    await says(maria().sendText('marker').keyId)
    expect(second.conversationId).toBe(first.conversationId)
    expect(shownIn(first.conversationId)).toEqual(['Hello', 'To all', 'marker'])
  })

  it('opens the chat when it is the first, and is answered there', async () => {
    const first = await says(toList().sendText('Our new prices').keyId)
    expect(world.chatwoot.contacts()).toMatchObject([{ name: 'Maria', phoneNumber: PHONE }])
    await world.chatwoot.agent().reply(first.conversationId, 'Thank you')
    await world.wasender.waitFor(() => world.wasender.inbox(PHONE)[0])
    expect(world.wasender.callsTo('/send-message')[0]?.body).toMatchObject({ to: PHONE })
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
    expect(world.chatwoot.conversations()).toHaveLength(1)
  })

  it('is one LID’s chat while the number is hidden', async () => {
    const first = await says(
      maria(true).inChat(LIST).sendText('Hello', { addressing: 'lid' }).keyId,
    )
    const second = await says(maria(true).sendText('Only for you').keyId)
    expect(second.conversationId).toBe(first.conversationId)
    expect(world.chatwoot.contacts()).toMatchObject([{ phoneNumber: null }])
  })
})

describe('what is no message of a customer', () => {
  it('is let go: a story, and what we write to a list of our own', async () => {
    await maria().inChat(STORY).sendText('My day').delivered
    const { id } = world.wasender.session()
    const own = { id: '3EB0OWNLIST0001', fromMe: true, remoteJid: LIST }
    const messages = { key: own, messageTimestamp: 1_700_000_000, message: { conversation: 'All' } }
    await world.wasender.emit(id, 'messages.upsert', { messages })
    const { conversationId } = await says(maria().sendText('marker').keyId)
    expect(shownIn(conversationId)).toEqual(['marker'])
    expect(world.chatwoot.conversations()).toHaveLength(1)
  })

  it('still finds its chat: a reaction to what we wrote to a list', async () => {
    const { conversationId } = await says(maria().sendText('Hello').keyId)
    const target = { id: '3EB0OWNLIST0001', fromMe: true, remoteJid: LIST }
    const key = { id: '3EB0REACTION001', fromMe: false, remoteJid: '15550001111@s.whatsapp.net' }
    await world.wasender.emit(world.wasender.session().id, 'messages.reaction', [
      { key: target, reaction: { text: '👏', key, senderTimestampMs: Date.now() } },
    ])
    await expect.poll(() => shownIn(conversationId).join('\n'), { timeout: 30_000 }).toContain('👏')
  })
})
