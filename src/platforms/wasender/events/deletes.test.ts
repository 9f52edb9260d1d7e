import { describe, expect, it } from 'vitest'
import { readDeletes } from './updates.ts'

const key = { id: 'ABC', fromMe: false, remoteJid: '+1234567890' }
const read = (data: unknown) => readDeletes(data, 'messages.delete')

describe('readDeletes', () => {
  it.each([
    ['the documented list', { keys: [key] }],
    ['one key', { keys: key }],
    ['a bare list', [key]],
    ['a bare key', key],
    ['a key of its own', { key }],
    ['a list of messages', { messages: [{ key }] }],
  ])('reads %s', (_name, data) => {
    expect(read(data)).toMatchObject([
      { type: 'revoked', key: { id: 'ABC', phone: '1234567890' }, via: 'messages.delete' },
    ])
  })

  it('reads each key, the good ones too when one is bad', () => {
    const types = read({ keys: [key, {}, { ...key, id: 'DEF' }] }).map((event) => event.type)
    expect(types).toEqual(['revoked', 'unknown', 'revoked'])
  })

  it.each([
    { jid: '1234567890@s.whatsapp.net', all: true },
    { id: '1234567890@s.whatsapp.net', all: 'true' },
  ])('reads a cleared chat %j', (data) => {
    expect(read(data)).toEqual([
      {
        type: 'chat-cleared',
        chat: { address: { kind: 'phone', digits: '1234567890' }, phone: '1234567890' },
      },
    ])
  })

  it.each([[null], [{}], [{ all: true }], [{ jid: '1234567890@s.whatsapp.net', all: false }]])(
    'finds nothing in %j',
    (data) => {
      expect(read(data)).toMatchObject([{ type: 'unknown' }])
    },
  )
})
