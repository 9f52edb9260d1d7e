import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from './people.ts'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

const PHONE = '+15550001111'
const PN = '15550001111@s.whatsapp.net'
const LID = '189975000000001@lid'
let standIn: TestStandIn
let maria: Person

beforeEach(async () => {
  standIn = await startTestStandIn()
  maria = standIn.person({ phone: PHONE, lid: '189975000000001', name: 'Maria Example' })
})
afterEach(() => standIn.close())

const dataOf = (event: string, index = 0) => standIn.receiver.bodies(event)[index]?.data

/** Sends one message of ours and gives its key id. */
async function ours(content: object = { text: 'Do you mean order 1234?' }): Promise<string> {
  standIn.webhookFaults.dropRate = 1
  await standIn.request('POST', '/send-message', { to: PHONE, ...content })
  const { keyId } = await standIn.waitFor(() => standIn.inbox(PHONE)[0])
  await standIn.waitFor(() => standIn.webhookLog.length === 4)
  standIn.webhookFaults.dropRate = undefined
  return keyId
}

describe('an incoming message', () => {
  it('has the captured shape, under three event names', async () => {
    const { keyId, delivered } = maria.sendText('Hola', { at: 1_784_402_765_000 })
    await delivered
    expect(standIn.receiver.events().toSorted()).toEqual([
      'messages-personal.received',
      'messages.received',
      'messages.upsert',
    ])
    expect(standIn.receiver.bodies('messages.received')[0]).toEqual({
      event: 'messages.received',
      sessionId: standIn.session().apiKey,
      data: {
        messages: {
          key: {
            id: keyId,
            fromMe: false,
            remoteJid: LID,
            senderPn: PN,
            cleanedSenderPn: '15550001111',
            senderLid: LID,
            addressingMode: 'lid',
          },
          messageTimestamp: 1784402765,
          pushName: 'Maria Example',
          broadcast: false,
          message: { conversation: 'Hola', messageContextInfo: {} },
          messageBody: 'Hola',
          remoteJid: LID,
          id: keyId,
        },
      },
      timestamp: expect.any(Number),
    })
  })

  it('takes every variant', async () => {
    await maria.sendText('Hola', {
      events: ['messages.upsert'],
      addressing: 'pn',
      container: 'array',
      timestamp: 'long',
      envelope: 's',
      omit: ['sessionId', 'messageBody', 'cleanedSenderPn'],
      at: 1_784_402_765_000,
    }).delivered
    const [body, more] = standIn.receiver.received
    expect(more).toBeUndefined()
    expect(body?.body).not.toHaveProperty('sessionId')
    expect(body?.body.timestamp).toBeLessThan(1e12)
    const [message] = (dataOf('messages.upsert') as { messages: Record<string, unknown>[] })
      .messages
    expect(message).not.toHaveProperty('messageBody')
    expect(message).toMatchObject({
      key: { remoteJid: PN, addressingMode: 'pn' },
      messageTimestamp: { low: 1784402765, high: 0, unsigned: true },
    })
    expect(message?.key).not.toHaveProperty('cleanedSenderPn')
  })

  it.each([
    ['s', 1784402765],
    ['ms', 1784402765000],
    ['string', '1784402765'],
  ] as const)('writes its time as %s', async (timestamp, expected) => {
    await maria.sendText('Hola', { timestamp, at: 1_784_402_765_000 }).delivered
    expect(dataOf('messages.upsert')).toHaveProperty('messages.messageTimestamp', expected)
  })

  it('comes in order, from each person', async () => {
    standIn.webhookFaults.delayMs = [0, 10]
    const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`)
    await Promise.all(texts.map((text) => maria.sendText(text).delivered))
    const seen = standIn.receiver.bodies('messages.upsert').map(({ data }) => data)
    expect(seen).toMatchObject(texts.map((messageBody) => ({ messages: { messageBody } })))
  })

  it('hides the number of somebody who hides it', async () => {
    const hidden = standIn.person({
      phone: '+15550007777',
      lid: '189975000000077',
      hidePhone: true,
    })
    await hidden.sendText('Hola', { addressing: 'pn' }).delivered
    expect(JSON.stringify(standIn.receiver.received)).not.toContain('15550007777')
  })

  it('waits at WhatsApp while the session is not connected', async () => {
    await standIn.setStatus(1, 'disconnected')
    const { delivered } = maria.sendText('Hola')
    expect(standIn.receiver.bodies('messages.upsert')).toEqual([])
    await standIn.setStatus(1, 'connected')
    await delivered
    expect(standIn.receiver.bodies('messages.upsert')).toHaveLength(1)
  })

  it('does not come from somebody we have blocked', async () => {
    await standIn.request('POST', `/contacts/${encodeURIComponent(PHONE)}/block`)
    await maria.sendText('Hola').delivered
    expect(standIn.receiver.received).toEqual([])
  })
})

describe('messages about messages', () => {
  it('replies to ours', async () => {
    const keyId = await ours()
    await maria.reply(keyId, 'Yes, that one').delivered
    expect(dataOf('messages.upsert')).toHaveProperty(
      'messages.message.extendedTextMessage.contextInfo',
      {
        stanzaId: keyId,
        participant: '15550002222@s.whatsapp.net',
        quotedMessage: { extendedTextMessage: { text: 'Do you mean order 1234?' } },
      },
    )
  })

  it('reacts to ours', async () => {
    const target = await ours()
    const { keyId, delivered } = maria.react(target, '👍')
    await delivered
    expect(dataOf('messages.reaction')).toMatchObject([
      {
        key: { id: target, fromMe: true, remoteJid: LID },
        reaction: { text: '👍', key: { id: keyId, fromMe: false } },
      },
    ])
    expect(dataOf('messages.upsert')).toMatchObject({
      messages: { message: { reactionMessage: { key: { id: target, remoteJid: PN } } } },
    })
  })

  it('edits and deletes its own', async () => {
    const { keyId } = maria.sendText('Hallo')
    await maria.edit(keyId, 'Corrected text').delivered
    await maria.revoke(keyId).delivered
    expect(dataOf('messages.update')).toMatchObject({
      key: { id: keyId, fromMe: false },
      update: { message: { editedMessage: { message: { conversation: 'Corrected text' } } } },
    })
    expect(dataOf('messages.update', 1)).toMatchObject({
      key: { id: keyId },
      update: { message: null, messageStubType: 1 },
    })
    expect(standIn.chat(PHONE)[0]).toMatchObject({
      text: 'Corrected text',
      editedAt: expect.any(Number),
      deletedAt: expect.any(Number),
    })
    await maria.revoke(keyId, { events: ['messages.delete'] }).delivered
    expect(dataOf('messages.delete')).toEqual({
      keys: [{ id: keyId, fromMe: false, remoteJid: LID }],
    })
  })

  it('votes, and votes again', async () => {
    const keyId = await ours({ poll: { question: 'Lunch?', options: ['Pizza', 'Hamburger'] } })
    await maria.vote(keyId, ['Hamburger']).delivered
    await maria.vote(keyId, ['Pizza'], { addressing: 'lid' }).delivered
    expect(dataOf('poll.results', 1)).toEqual({
      key: { id: keyId, fromMe: true, remoteJid: PN },
      pollResult: [
        { name: 'Pizza', voters: [LID] },
        { name: 'Hamburger', voters: [] },
      ],
    })
  })

  it.each([
    ['flat', 'data.update.status'],
    ['nested', 'data.update.update.status'],
    ['array', 'data.0.update.status'],
  ] as const)('reads ours, told %s', async (update, path) => {
    const keyId = await ours()
    await maria.read(keyId, { update })
    expect(standIn.receiver.received[0]?.body).toHaveProperty(path, 4)
    expect(standIn.inbox(PHONE)[0]?.readAt).toEqual(expect.any(Number))
  })
})

describe('other things people do', () => {
  it('calls, and goes on with the same call', async () => {
    const id = await maria.call({ isVideo: true })
    await maria.call({ id, status: 'timeout' }, { events: ['call.received'] })
    expect(dataOf('call')).toMatchObject({ call: { id, isVideo: true, status: 'offer', from: PN } })
    expect(dataOf('call.received')).toMatchObject({ call: { id, status: 'timeout' } })
  })

  it('changes name and picture', async () => {
    await maria.rename('Maria')
    await maria.setPicture('https://pps.example/1.jpg')
    expect(dataOf('contacts.update')).toEqual([{ id: LID, lid: LID, notify: 'Maria' }])
    expect(dataOf('contacts.update', 1)).toMatchObject([{ imgUrl: 'changed' }])
  })

  it('refuses an event that the action is never told as', async () => {
    const said = maria.sendText('Hola', { events: ['poll.results'] })
    await expect(said.delivered).rejects.toThrow('never told as poll.results')
  })
})

describe('the owner', () => {
  it('types on the phone, which passes the API by', async () => {
    const { keyId, delivered } = standIn.owner.typeOnPhone(maria, 'Answered from my phone')
    await delivered
    expect(standIn.receiver.events()).toEqual(['messages.upsert'])
    expect(keyId).toMatch(/^3A[0-9A-F]{18}$/)
    expect(dataOf('messages.upsert')).toMatchObject({
      messages: { key: { id: keyId, fromMe: true, remoteJid: LID }, status: 2 },
    })
    expect(standIn.inbox(PHONE)).toMatchObject([{ typed: true, text: 'Answered from my phone' }])
    expect(standIn.calls).toEqual([])
  })

  it('may be told by message.sent too', async () => {
    await standIn.owner.typeOnPhone(PHONE, 'Hello', { messageSent: true }).delivered
    expect(standIn.receiver.events().toSorted()).toEqual(['message.sent', 'messages.upsert'])
  })

  it('reads on the phone', async () => {
    const { keyId, delivered } = maria.sendText('Hola')
    await delivered
    await standIn.owner.read(keyId)
    expect(dataOf('messages.update')).toMatchObject({
      key: { id: keyId, fromMe: false },
      update: { status: 4 },
    })
  })
})
