import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MessageNode } from '../sandbox/wasender/nodes.ts'
import { arrived, quoting } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

/*
 * Bodies that gateways have sent, one after the other through one bridge: what they need is its memory. What is only read
 * differently is played without a bridge, in src/bridge/inbound/named-draft.test.ts.
 */

const NOBODY = 'The provided JID does not exist on WhatsApp.'
const WEEK_S = 7 * 24 * 3_600
let world: World
beforeAll(async () => {
  world = await startWorld({ wasender: { retryMs: 50, echo: { acks: [] } } })
})
afterAll(() => world.close())

const nowS = () => Math.floor(Date.now() / 1000)
const jid = (number: string) => `${number}@s.whatsapp.net`
const us = () => jid(world.wasender.session().phoneNumber.slice(1))
const tell = (event: string, data: unknown) =>
  world.wasender.emit(world.wasender.session().id, event, data)

type Key = Record<string, unknown> & { id: string }
type Around = { event?: string; at?: number; more?: object }

/** A message under any key at all. */
async function upsert(key: Key, message?: MessageNode, around: Around = {}): Promise<void> {
  const { event = 'messages.upsert', at = nowS(), more = {} } = around
  const told = message === undefined ? {} : { message }
  await tell(event, {
    messages: { key: { fromMe: false, ...key }, messageTimestamp: at, ...told, ...more },
  })
}

const shown = (id: string) => arrived(world, id)
const said = async (key: Key, text: string, around: Around = {}) => {
  await upsert(key, { conversation: text }, around)
  return shown(key.id)
}

describe('typed on the phone, with our own number beside the LID of the chat', () => {
  const lidOf = (person: string) => `21000000000${person}@lid`
  const fromCustomer = (id: string, person: string) => ({
    id,
    remoteJid: lidOf(person),
    senderPn: jid(`12025550${person}`),
    cleanedSenderPn: `12025550${person}`,
  })
  const typed = (id: string, remoteJid: string) => ({
    id,
    fromMe: true,
    remoteJid,
    senderPn: us(),
    cleanedSenderPn: us().split('@')[0],
    remoteJidAlt: us(),
    addressingMode: 'lid',
  })

  it('is in the chat it was typed in', async () => {
    const anna = await said(fromCustomer('3EB015A', '115'), 'Hi from Anna')
    const bob = await said(fromCustomer('3EB015B', '116'), 'Hi from Bob')
    const carl = '210000000000317@lid'
    const messages = [
      [await said(typed('3EB015C', lidOf('115')), 'To Anna'), 'outgoing', anna],
      [await said(typed('3EB015D', lidOf('116')), 'To Bob'), 'outgoing', bob],
      [await said(fromCustomer('3EB015F', '116'), 'Bob answers'), 'incoming', bob],
      [await said(fromCustomer('3EB015G', '115'), 'Anna answers'), 'incoming', anna],
    ] as const
    for (const [message, messageType, { conversationId }] of messages)
      expect(message).toMatchObject({ messageType, conversationId })
    const first = await said(typed('3EB015E', carl), 'To somebody we have never met')
    const next = await said({ id: '3EB015H', remoteJid: carl }, 'Who is this?')
    expect(next.conversationId).toBe(first.conversationId)
    expect([anna.conversationId, bob.conversationId]).not.toContain(first.conversationId)
    await world.chatwoot.agent().reply(bob.conversationId, 'Meant for Bob')
    const send = await world.wasender.waitFor(() => world.wasender.callsTo('/send-message')[0])
    expect(send.body).toMatchObject({ to: '+12025550116' })
  })
})

describe('written to a broadcast list', () => {
  const list = { remoteJid: '1700000010@broadcast' }

  it('is in the chat of who wrote it, by number and by LID', async () => {
    const first = await said({ id: '3EB010A', remoteJid: jid('12025550110') }, 'A question')
    const byNumber = { id: '3EB010B', ...list, participant: jid('12025550110') }
    await upsert(
      byNumber,
      { extendedTextMessage: { text: 'Closed on Friday' } },
      { more: { broadcast: true } },
    )
    const byLid = {
      id: '3EB010C',
      ...list,
      participant: '21000000000110@lid',
      participantPn: jid('12025550110'),
      participantAlt: jid('12025550110'),
    }
    const second = { event: 'messages.received', more: { broadcast: true } }
    for (const message of [await shown('3EB010B'), await said(byLid, 'Second to all', second)])
      expect(message).toMatchObject({
        conversationId: first.conversationId,
        messageType: 'incoming',
      })
    await upsert(
      { id: '3EB010D', fromMe: true, remoteJid: '1700000099@broadcast' },
      { conversation: 'From us to a list' },
      { more: { broadcast: true } },
    )
    await said({ id: '3EB010E', remoteJid: jid('12025550110') }, 'marker')
    expect(world.chatwoot.allMessages().some(({ sourceId }) => sourceId === '3EB010D')).toBe(false)
  })
})

describe('a refused answer', () => {
  it('to a customer who is known by LID only fails with its reason', async () => {
    const { conversationId } = await said(
      { id: '3EB028A', remoteJid: '231000000000028@lid' },
      'I have no number',
    )
    world.wasender.faults.add({
      ...{ kind: 'answer', method: 'POST', path: '/send-message', times: 1 },
      ...{ status: 422, body: { success: false, message: NOBODY } },
    })
    const { id } = await world.chatwoot.agent().reply(conversationId, 'Hello Lou')
    const failed = await world.chatwoot.waitFor(() =>
      world.chatwoot.messages(conversationId).find((m) => m.id === id && m.status === 'failed'),
    )
    expect(failed.contentAttributes.external_error).toMatch(/not on WhatsApp/)
  })

  it('for starting a new chat goes under the LID of who wrote first', async () => {
    world.wasender.person({ phone: '+12025550129', lid: '21000000000029', name: 'Kim' })
    const { conversationId } = await said(
      {
        id: '3EB029A',
        remoteJid: '21000000000029@lid',
        senderPn: jid('12025550129'),
        cleanedSenderPn: '12025550129',
        addressingMode: 'lid',
      },
      'I write first',
    )
    const { id } = await world.chatwoot.agent().reply(conversationId, 'Answer')
    const sent = await world.wasender.waitFor(() => world.wasender.inbox('+12025550129')[0])
    await world.chatwoot.settled()
    await tell('messages.update', {
      update: { status: 0, messageStubParameters: ['463'] },
      key: { remoteJid: jid('12025550129'), id: sent.keyId, fromMe: true },
    })
    const again = await world.wasender.waitFor(() => world.wasender.callsTo('/send-message').at(-1))
    await world.wasender.waitFor(() => world.wasender.inbox('+12025550129')[1])
    expect(again.body).toMatchObject({ text: 'Answer' })
    expect(world.wasender.callsTo('/send-message').at(-1)?.body).toMatchObject({
      to: '21000000000029@lid',
    })
    expect(world.chatwoot.messages(conversationId).find((m) => m.id === id)?.status).toBe('sent')
  })
})

describe('from long ago', () => {
  it('is dated and reopens nothing, and the future holds up nothing', async () => {
    const key = (id: string, more: object = {}) => ({
      id,
      remoteJid: jid('12025550132'),
      ...more,
    })
    const current = await said(key('3EB032A'), 'current')
    const at = nowS() - 5 * WEEK_S
    const appended = {
      key: { fromMe: false, ...key('3EB032B') },
      messageTimestamp: at,
      pushName: 'Tom',
      message: { conversation: 'five weeks old' },
    }
    await tell('messages.upsert', { type: 'append', messages: [appended] })
    const old = [
      [await shown('3EB032B'), /^\*Written by the customer on .*\*\nfive weeks old$/],
      [
        await said(key('3EB032C', { fromMe: true }), 'our old answer', { at: at + 1 }),
        /^\*Written on the phone on .*\*\nour old answer$/,
      ],
    ] as const
    for (const [message, content] of old)
      expect(message).toMatchObject({
        conversationId: current.conversationId,
        private: true,
        content: expect.stringMatching(content),
      })
    const stranger = { id: '3EB032D', remoteJid: jid('12025550133') }
    const years = await said(stranger, 'three years old', { at: 1_700_000_000 })
    expect(years).toMatchObject({ private: true })
    await world.chatwoot.settled()
    const opened = world.chatwoot.conversations().find(({ id }) => id === years.conversationId)
    expect(opened?.status).toBe('resolved')
    const future = await said(key('3EB032E'), 'from the future', { at: 4_000_000_000 })
    const after = await said(key('3EB032F'), 'after the future')
    expect([future, after]).toMatchObject([{ private: false }, { private: false }])
  })
})

describe('a text with a NUL', () => {
  it('holds up neither its chat nor another', async () => {
    const key = (id: string) => ({ id, remoteJid: jid('12025550146') })
    const odd = await said(key('3EB046A'), 'barcode 4711\0live.example')
    expect(odd.content).toBe('barcode 4711\ufffdlive.example')
    expect((await said(key('3EB046B'), 'next of the same')).content).toBe('next of the same')
    await said({ id: '3EB046C', remoteJid: jid('12025550147') }, 'of another customer')
  })
})

/** The node of a file as a phone uploads it. */
async function picture(bytes: string, kind: 'image' | 'video' = 'image'): Promise<MessageNode> {
  const phone = '+12025550199'
  const uploader = world.wasender.person({ phone, lid: '21000000000199', name: 'Uploader' })
  const mimetype = kind === 'image' ? 'image/jpeg' : 'video/mp4'
  const { keyId } = uploader.sendMedia(kind, new TextEncoder().encode(bytes), {
    mimetype,
    events: [],
  })
  const found = await world.wasender.waitFor(() =>
    world.wasender.chat(phone).find((message) => message.keyId === keyId),
  )
  return found.node?.[`${kind}Message`] as MessageNode
}

describe('the same id with more', () => {
  const key = (id: string) => ({ id, remoteJid: jid('12025550151') })
  const marker = async (id: string) => {
    await said(key(id), 'marker')
    await world.chatwoot.settled()
  }

  it('is shown whole: first nothing but a secret, an empty text, a picture without its key', async () => {
    const received = { event: 'messages.received' }
    await upsert(key('3EB051A'), { messageContextInfo: { messageSecret: 'AA==' } }, received)
    const text = await said(key('3EB051A'), 'full text came second')
    expect(text.content).toBe('full text came second')

    const empty = { ...received, more: { messageBody: '' } }
    await upsert(key('3EB051B'), { conversation: '' }, empty)
    await marker('3EB051M1')
    await upsert(key('3EB051B'), { extendedTextMessage: { text: 'was empty first' } })
    expect((await shown('3EB051B')).content).toBe('was empty first')

    const caption = 'no key yet'
    const withheld = { mimetype: 'image/jpeg', caption, jpegThumbnail: '/9j/' }
    await upsert(key('3EB051C'), { imageMessage: withheld }, received)
    const first = await shown('3EB051C')
    expect(first.content).toContain(caption)
    await upsert(key('3EB051C'), { imageMessage: { ...(await picture('whole')), caption } })
    await world.chatwoot.waitFor(() => quoting(world, first).length === 1)
    await marker('3EB051M2')
    expect(quoting(world, first).map(({ attachments }) => attachments.length)).toEqual([1])
  })
})

describe('a picture in two qualities that also moves, and an album', () => {
  const from = jid('12025550107')
  const associated = (associationType: unknown, parent: string) => ({
    messageContextInfo: {
      messageAssociation: {
        associationType,
        parentMessageKey: { id: parent, remoteJid: from, fromMe: false },
      },
    },
  })
  const child = (type: unknown, parent: string, message: MessageNode): MessageNode => ({
    ...associated(type, parent),
    associatedChildMessage: { message },
  })

  it('are shown once each, in the better quality', async () => {
    const video = async (bytes: string) => ({ videoMessage: await picture(bytes, 'video') })
    const photo = async (bytes: string) => ({ imageMessage: await picture(bytes) })
    const small = { imageMessage: { ...(await picture('sd')), caption: 'The damage' } }
    const bodies: [string, MessageNode][] = [
      ['3EB007A', { ...small, messageContextInfo: { messageSecret: 'AA==' } }],
      ['3EB007B', child('HD_IMAGE_DUAL_UPLOAD', '3EB007A', await photo('hd hd hd'))],
      ['3EB007C', await video('sd')],
      ['3EB007D', child(5, '3EB007C', await video('hd hd hd'))],
      ['3EB007E', child(12, '3EB007A', await video('motion'))],
      ['3EB007F', { albumMessage: { expectedImageCount: 2, expectedVideoCount: 0 } }],
      ['3EB007G', { ...associated('MEDIA_ALBUM', '3EB007F'), ...(await photo('a 1')) }],
      ['3EB007H', { ...associated(1, '3EB007F'), ...(await photo('a  2')) }],
    ]
    for (const [id, message] of bodies) await upsert({ id, remoteJid: from }, message)
    await said({ id: '3EB007Z', remoteJid: from }, 'marker')
    const { conversationId } = await shown('3EB007Z')
    const seen = () =>
      world.chatwoot
        .messages(conversationId)
        .filter(({ attachments }) => attachments.length > 0)
        .map(({ content, attachments }) => [content ?? '', attachments[0]?.byteSize])
    const expected = [
      ['', 3],
      ['', 4],
      ['', 8],
      ['The damage', 8],
    ]
    await expect.poll(() => seen().sort(), { timeout: 30_000 }).toEqual(expected)
    await world.chatwoot.settled()
    expect(seen().sort()).toEqual(expected)
  })
})
