import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MessageNode } from '../sandbox/wasender/nodes.ts'
import { arrived } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+12025550106'
const OTHER = '+12025550107'
let world: World
beforeAll(async () => {
  world = await startWorld({
    options: { conversations: 'new' },
    chatwoot: { inboxes: [{ name: 'WhatsApp', secret: 'chatwoot-webhook-secret' }] },
  })
})
afterAll(() => world.close())

const stella = () => world.wasender.person({ phone: PHONE, lid: '21000000000006', name: 'Stella' })
const omar = () => world.wasender.person({ phone: OTHER, lid: '21000000000007', name: 'Omar' })
const sent = async (node: MessageNode) => arrived(world, stella().sendRaw(node).keyId)

const story = {
  stanzaId: '3EB0STATUS01',
  participant: '15550009999@s.whatsapp.net',
  remoteJid: 'status@broadcast',
  quotedMessage: { imageMessage: { caption: 'New sofa, only this week', mimetype: 'image/jpeg' } },
}
const before = (quotedMessage: MessageNode) => ({
  stanzaId: '3EB0BEFORELINK',
  participant: '15550009999@s.whatsapp.net',
  quotedMessage,
})
const place = { degreesLatitude: 38.7, degreesLongitude: -9.1 }

describe('a reply to what Chatwoot does not have', () => {
  it.each<[string, MessageNode]>([
    ['a text', { extendedTextMessage: { text: 'How much?', contextInfo: story } }],
    ['a place', { locationMessage: { ...place, contextInfo: story } }],
    [
      'a disappearing text',
      { ephemeralMessage: { message: { extendedTextMessage: { text: 'x', contextInfo: story } } } },
    ],
  ])('quotes our story in words: %s', async (_kind, node) => {
    const { content } = await sent(node)
    expect(content).toMatch(/^> \*Reply to our story · Image\*\n> New sofa, only this week\n\n./)
  })

  it('quotes what was written before the number was linked', async () => {
    const contextInfo = before({ conversation: 'Red or blue?' })
    const text = await sent({ extendedTextMessage: { text: 'Red', contextInfo } })
    expect(text.content).toBe('> Red or blue?\n\nRed')
  })

  it('says that a reaction is to our story, without waiting for it', async () => {
    const key = { remoteJid: 'status@broadcast', fromMe: true, id: '3EB0STATUS02' }
    stella().sendRaw({ reactionMessage: { key, text: '😍', senderTimestampMs: Date.now() } })
    await world.chatwoot.waitFor(() =>
      world.chatwoot
        .allMessages()
        .some(({ content }) => content === 'Reacted with 😍 (to our story)'),
    )
  })

  it('quotes in words what is in an earlier conversation, where Chatwoot shows no quote', async () => {
    const earlier = await arrived(world, omar().sendText('About the red one').keyId)
    const reply = async (text: string) =>
      arrived(world, omar().reply(String(earlier.sourceId), text).keyId)
    const same = await reply('Same conversation')
    expect(same.content).toBe('Same conversation')
    expect(same.contentAttributes.in_reply_to).toBe(earlier.id)
    world.chatwoot.agent().resolve(earlier.conversationId)
    await world.chatwoot.settled()
    const next = await reply('Next conversation')
    expect(next.conversationId).not.toBe(earlier.conversationId)
    expect(next.content).toBe('> About the red one\n\nNext conversation')
  })
})

describe('a reply in a group', () => {
  it('names who wrote what is not in Chatwoot', async () => {
    const group = world.wasender.group({ subject: 'Plans', participants: [PHONE, OTHER] })
    await arrived(world, omar().inGroup(group.jid).sendText('Hi').keyId)
    const contextInfo = {
      stanzaId: '3EB0BEFORELINK',
      participant: '21000000000007@lid',
      quotedMessage: { conversation: 'Pizza?' },
    }
    const said = stella()
      .inGroup(group.jid)
      .sendRaw({ extendedTextMessage: { text: 'Yes', contextInfo } })
    expect((await arrived(world, said.keyId)).content).toBe('**Stella**\n> *Omar*\n> Pizza?\n\nYes')
  })
})
