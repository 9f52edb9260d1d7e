import { describe, expect, it } from 'vitest'
import { readCalls } from './calls.ts'

const call = {
  id: 'call-id-123',
  from: '15550001111@s.whatsapp.net',
  date: '2023-10-05T12:00:30.000Z',
  isGroup: false,
  isVideo: true,
  status: 'OFFER',
}
const read = (data: unknown) => readCalls(data, 'call')

describe('readCalls', () => {
  it.each([
    ['the documented object', { call }],
    ['a list below call', { call: [call] }],
    ['a bare call', call],
    ['a bare list', [call]],
  ])('reads %s', (_name, data) => {
    expect(read(data)).toEqual([
      {
        type: 'call',
        id: 'call-id-123',
        caller: { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' },
        status: 'offer',
        isGroup: false,
        isVideo: true,
        at: 1_696_507_230_000,
      },
    ])
  })

  it('reads the variant without status and kind as a voice call coming in', () => {
    const [event] = read({ call: { id: 'x', from: call.from } })
    expect(event).toMatchObject({ status: 'offer', isGroup: false, isVideo: false })
  })

  it.each([{ groupJid: '12@g.us' }, { chatId: '12@g.us', isGroup: true }])(
    'knows the group in %j',
    (fields) => {
      const { isGroup: _isGroup, ...rest } = call
      expect(read({ call: { ...rest, ...fields } })).toMatchObject([
        { caller: { phone: '15550001111' }, group: { kind: 'group', id: '12' }, isGroup: true },
      ])
    },
  )

  it('knows the number behind a LID when it is given', () => {
    const fields = { from: '189975000000001@lid', callerPn: '15550001111@s.whatsapp.net' }
    expect(read({ call: { ...call, ...fields } })).toMatchObject([
      { caller: { address: { kind: 'lid' }, phone: '15550001111', lid: '189975000000001' } },
    ])
  })

  it.each([
    [null],
    [{}],
    [{ call: { id: 'x' } }],
    [{ call: { from: call.from } }],
    [{ call: 'x' }],
  ])('finds nothing in %j', (data) => {
    expect(read(data)).toMatchObject([{ type: 'unknown' }])
  })
})
