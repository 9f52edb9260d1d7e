import { describe, expect, it } from 'vitest'
import { readChats } from './chats.ts'

const id = '15550001111@s.whatsapp.net'
const chat = { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' }
const message = {
  key: { id: 'ABC', fromMe: false, remoteJid: id },
  message: { conversation: 'Hi' },
}
const update = (data: unknown) => readChats('update')(data, 'chats.update')
const remove = (data: unknown) => readChats('delete')(data, 'chats.delete')

describe('readChats', () => {
  it.each([
    [
      'a list',
      [{ id, unreadCount: 0, name: 'Maria Example', conversationTimestamp: '1633456850' }],
    ],
    [
      'an object',
      { id, unreadCount: '0', name: 'Maria Example', conversationTimestamp: 1633456850 },
    ],
    [
      'a wrapped object',
      {
        chats: {
          jid: id,
          unreadCount: 0,
          name: ' Maria Example ',
          conversationTimestamp: { low: 1633456850, high: 0 },
        },
      },
    ],
  ])('reads %s', (_name, data) => {
    expect(update(data)).toEqual([
      {
        type: 'chats',
        action: 'update',
        chat,
        name: 'Maria Example',
        unread: 0,
        at: 1_633_456_850_000,
      },
    ])
  })

  it.each([[[id]], [id], [[{ id }]], [{ chats: [id] }]])('reads the deleted chat in %j', (data) => {
    expect(remove(data)).toEqual([{ type: 'chats', action: 'delete', chat }])
  })

  it.each([
    ['each below message', { chats: { id, messages: [{ message }] } }],
    ['bare', { chats: { id, messages: [message] } }],
    ['a single one', [{ id, messages: message }]],
  ])('finds embedded messages, %s', (_name, data) => {
    expect(update(data)).toMatchObject([
      { type: 'message', key: { id: 'ABC' }, message: { conversation: 'Hi' }, via: 'chats.update' },
      { type: 'chats', action: 'update', chat },
    ])
  })

  it('needs no chat id for embedded messages', () => {
    expect(update({ chats: { messages: [{ message }] } })).toMatchObject([{ type: 'message' }])
  })

  it('reads each chat, the good ones too when one is bad', () => {
    const types = update([{ id }, {}, { id }, null]).map((event) => event.type)
    expect(types).toEqual(['chats', 'unknown', 'chats', 'unknown'])
  })
})
