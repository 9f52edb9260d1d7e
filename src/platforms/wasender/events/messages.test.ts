import { describe, expect, it } from 'vitest'
import { readMessages } from './messages.ts'

const key = { id: 'ABC', fromMe: false, remoteJid: '15550001111@s.whatsapp.net' }
const message = { imageMessage: { caption: 'x', fileLength: { low: 1, high: 0 } }, future: [null] }
const full = {
  key,
  message,
  messageBody: 'x',
  messageTimestamp: '1784402765',
  pushName: 'Maria Example',
  broadcast: false,
  status: 'DELIVERY_ACK',
}

const read = (data: unknown) => readMessages(data, 'messages.upsert')

describe('readMessages', () => {
  it('reads all of a message and leaves its raw node alone', () => {
    const [event] = read({ messages: full })
    expect(event).toMatchObject({
      type: 'message',
      via: 'messages.upsert',
      key: { id: 'ABC', phone: '15550001111' },
      messageBody: 'x',
      at: 1_784_402_765_000,
      pushName: 'Maria Example',
      broadcast: false,
      status: 3,
    })
    expect(event?.type === 'message' && event.message).toBe(message)
  })

  it.each([
    ['a list', { messages: [full] }],
    ['no wrapper', full],
    ['a list without a wrapper', [full]],
    ['a list of wrappers', [{ messages: full }]],
  ])('reads %s like an object', (_name, data) => {
    expect(read(data)).toEqual(read({ messages: full }))
  })

  it('reads each of several messages, the good ones too when one is bad', () => {
    const types = read({ messages: [full, { message }, { key: { ...key, id: 'DEF' } }] })
    expect(types.map((event) => event.type)).toEqual(['message', 'unknown', 'message'])
  })

  it('has no fields for what the body lacks', () => {
    const [event] = read({ messages: { key, message: null, messageBody: null, status: 9 } })
    expect(Object.keys(event ?? {}).sort()).toEqual(['key', 'type', 'via'])
  })

  it('takes the verified name of a business that gives no other, and the context from outside', () => {
    const contextInfo = { externalAdReply: { title: 'Sofas' } }
    const named = { ...full, pushName: null, verifiedBizName: 'Flower Shop Ltd' }
    expect(read({ messages: { ...named, contextInfo } })).toMatchObject([
      { pushName: 'Flower Shop Ltd', message: { ...message, contextInfo } },
    ])
    expect(read({ messages: { ...named, pushName: 'Rosa' } })).toMatchObject([{ pushName: 'Rosa' }])
  })

  it('marks an undecryptable message', () => {
    const stub = { messageStubType: 2, messageStubParameters: ['Message absent from node', 7] }
    expect(read({ messages: { key, ...stub, messageBody: '' } })).toMatchObject([
      { type: 'message', stub: { type: 2, parameters: ['Message absent from node'] } },
    ])
  })

  it.each([2, '2', 'CIPHERTEXT'])('reads stub type %j', (messageStubType) => {
    expect(read({ messages: { key, messageStubType } })).toMatchObject([
      { stub: { type: 2, parameters: [] } },
    ])
  })

  it.each([0, '0', null, 'SOMETHING', 1.5])('reads stub type %j as none', (messageStubType) => {
    expect(read({ messages: { key, messageStubType } })[0]).not.toHaveProperty('stub')
  })

  it('reads an emptied message as revoked', () => {
    expect(read({ messages: { key, messageStubType: 1 } })).toMatchObject([
      { type: 'revoked', key: { id: 'ABC' }, via: 'messages.upsert' },
    ])
  })

  it('does not throw away content that comes with that stub', () => {
    const stub = { messageStubType: 1, messageStubParameters: [] }
    expect(read({ messages: { key, message, ...stub } })).toMatchObject([{ type: 'message' }])
  })

  it('takes id and chat from outside of the key when it lacks them', () => {
    const copies = { id: 'COPY', remoteJid: '189975000000001@lid' }
    expect(read({ messages: { key: { fromMe: true }, message, ...copies } })).toMatchObject([
      { key: { id: 'COPY', fromMe: true, lid: '189975000000001' } },
    ])
  })

  it.each([[undefined], [null], ['text'], [7], [{}], [{ messages: null }], [{ messages: 'x' }]])(
    'says what is missing in %j',
    (data) => {
      expect(read(data)).toEqual([
        { type: 'unknown', event: 'messages.upsert', reason: 'message without a usable key' },
      ])
    },
  )

  it('has nothing to say about an empty list', () => {
    expect(read({ messages: [] })).toEqual([])
  })
})
