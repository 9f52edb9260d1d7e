import { describe, expect, it } from 'vitest'
import { readUpdates } from './updates.ts'

const key = { id: 'ABC', fromMe: true, remoteJid: '15550001111@s.whatsapp.net' }
const request = { ...key, id: 'REQUEST' }
const read = (data: unknown) => readUpdates(data, 'messages.update')

/** Every way to wrap one update. */
const shapes = (update: object): [string, unknown][] => [
  ['flat', { key, update }],
  ['nested', { update: { key, update } }],
  ['nested with the key outside', { key, update: { update } }],
  ['a list of flat ones', [{ key, update }]],
  ['a list of nested ones', [{ update: { key, update } }]],
  ['a list below update', { key, update: [update] }],
  ['a list of whole ones below update', { update: [{ key, update }] }],
  ['below messages', { messages: [{ key, update }] }],
]

describe.each(shapes({ status: 3 }))('a status, %s', (_name, data) => {
  it('is read', () => {
    expect(read(data)).toMatchObject([{ type: 'status', key: { id: 'ABC' }, status: 3 }])
  })
})

describe('a status', () => {
  it('may stand beside the key', () => {
    expect(read({ key, status: 4 })).toMatchObject([{ type: 'status', status: 4 }])
    expect(read({ update: { key, status: 4 } })).toMatchObject([{ type: 'status', status: 4 }])
  })

  it.each([
    [5, 5],
    ['5', 5],
    ['played', 5],
    ['DELIVERY_ACK', 3],
  ])('%j is %i', (status, expected) => {
    expect(read({ key, update: { status } })).toMatchObject([{ type: 'status', status: expected }])
  })

  it("carries WhatsApp's number for an error", () => {
    const update = { status: 0, messageStubParameters: ['463'] }
    expect(read({ key, update })).toMatchObject([{ type: 'status', status: 0, errorCode: '463' }])
  })

  it('does not carry any other parameter', () => {
    const update = { status: 0, messageStubParameters: ['+15550001111 is not here'] }
    expect(read({ key, update })[0]).not.toHaveProperty('errorCode')
  })

  it('with an empty message is not a revoke', () => {
    const types = read({ key, update: { status: 3, message: null } }).map((event) => event.type)
    expect(types).toEqual(['status'])
  })
})

describe.each(shapes({ message: { editedMessage: { message: { conversation: 'new' } } } }))(
  'an edit, %s',
  (_name, data) => {
    it('is read', () => {
      expect(read(data)).toMatchObject([
        { type: 'edited', key: { id: 'ABC' }, message: { conversation: 'new' } },
      ])
    })
  },
)

describe('an edit', () => {
  const edited = { conversation: 'new' }

  it.each([
    ['without the inner message', { editedMessage: edited }],
    [
      'with a protocol message inside',
      {
        editedMessage: { message: { protocolMessage: { type: 14, editedMessage: edited } } },
      },
    ],
    ['as a protocol message', { protocolMessage: { type: 14, editedMessage: edited } }],
  ])('%s', (_name, message) => {
    expect(read({ key, update: { message } })).toMatchObject([{ type: 'edited', message: edited }])
  })

  it('has the time it was made', () => {
    const update = { message: { editedMessage: edited }, messageTimestamp: 1784402765 }
    expect(read({ key, update })).toMatchObject([{ at: 1_784_402_765_000 }])
  })

  it('with a status gives both', () => {
    const update = { status: 3, message: { editedMessage: edited } }
    expect(read({ key, update }).map((event) => event.type)).toEqual(['status', 'edited'])
  })
})

describe('a revoke', () => {
  it.each([
    ['by an empty message', { message: null }],
    ['by its stub', { messageStubType: 1 }],
    ['by its stub as a name', { messageStubType: 'REVOKE' }],
    ['by both', { message: null, messageStubType: 1, key: request }],
  ])('%s names the message that is gone', (_name, update) => {
    expect(read({ key, update })).toMatchObject([
      { type: 'revoked', key: { id: 'ABC' }, via: 'messages.update' },
    ])
  })

  it('names it when nested too', () => {
    const update = { message: null, messageStubType: 1, key: request }
    expect(read({ update: { key, update } })).toMatchObject([
      { type: 'revoked', key: { id: 'ABC' } },
    ])
  })
})

describe('content that comes late', () => {
  it('is a message', () => {
    const update = { message: { conversation: 'now' }, messageTimestamp: 1784402765 }
    expect(read({ key, update })).toMatchObject([
      {
        type: 'message',
        key: { id: 'ABC' },
        message: { conversation: 'now' },
        at: 1_784_402_765_000,
        via: 'messages.update',
      },
    ])
  })
})

describe('several updates', () => {
  it('are each read for themselves', () => {
    const events = read([{ key, update: { status: 2 } }, {}, { key, update: { starred: true } }])
    expect(events.map((event) => event.type)).toEqual(['status', 'unknown', 'unknown'])
  })
})

describe.each([[null], ['x'], [{}], [{ key }], [{ update: { status: 3 } }], [{ key, update: 7 }]])(
  'in %j',
  (data) => {
    it('there is nothing to use', () => {
      expect(read(data)).toMatchObject([{ type: 'unknown', event: 'messages.update' }])
    })
  },
)
