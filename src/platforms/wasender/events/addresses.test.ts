import { describe, expect, it } from 'vitest'
import { readAddresses } from './key.ts'

const PN = '15550001111@s.whatsapp.net'
const LID = '189975000000001@lid'

describe('readAddresses', () => {
  it.each([
    ['a JID', PN, { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' }],
    ['a LID', LID, { address: { kind: 'lid', id: '189975000000001' }, lid: '189975000000001' }],
    ['a status', 'status@broadcast', { address: { kind: 'status' } }],
    [
      'an object',
      { id: LID, participantPn: PN },
      {
        address: { kind: 'lid', id: '189975000000001' },
        phone: '15550001111',
        lid: '189975000000001',
      },
    ],
    // Such fields describe somebody in the group, not the group.
    [
      'a group with a person in it',
      { id: '12@g.us', phoneNumber: PN, lid: LID },
      {
        address: { kind: 'group', id: '12' },
      },
    ],
    [
      'a LID written as a number',
      { lid: LID, id: '+189975000000001' },
      {
        address: { kind: 'lid', id: '189975000000001' },
        lid: '189975000000001',
      },
    ],
  ])('reads %s', (_name, value, expected) => {
    expect(readAddresses(value)).toEqual(expected)
  })

  it.each([[undefined], [null], [7], [''], [{}], [[PN]], [{ id: 7, lid: '' }]])(
    'refuses %j',
    (value) => {
      expect(readAddresses(value)).toBeUndefined()
    },
  )
})
