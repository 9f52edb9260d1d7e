import { describe, expect, it } from 'vitest'
import { readContacts } from './chats.ts'

const read = (data: unknown) => readContacts('upsert')(data, 'contacts.upsert')
const PN = '15550001111@s.whatsapp.net'
const LID = '189975000000001@lid'
const names = { name: 'Maria Example', notify: 'Maria', verifiedName: '', status: 'Hey' }

describe('readContacts', () => {
  it.each([
    ['a list under jid', [{ jid: PN, ...names }]],
    ['a list under id', [{ id: PN, ...names }]],
    ['an object', { jid: PN, ...names }],
    ['a wrapped list', { contacts: [{ jid: PN, ...names }] }],
    ['bare digits', [{ jid: '15550001111', ...names }]],
  ])('reads %s', (_name, data) => {
    expect(read(data)).toEqual([
      {
        type: 'contacts',
        action: 'upsert',
        contact: { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' },
        name: 'Maria Example',
        notify: 'Maria',
        about: 'Hey',
      },
    ])
  })

  it.each([
    { id: PN, lid: LID },
    { id: PN, lid: '189975000000001' },
    { id: LID, phoneNumber: PN },
    { id: LID, jid: PN },
    { lid: LID, phoneNumber: '+15550001111' },
  ])('learns both addresses from %j', (fields) => {
    expect(read([fields])).toMatchObject([
      { contact: { phone: '15550001111', lid: '189975000000001' } },
    ])
  })

  it.each([
    ['https://pps.whatsapp.net/v/x.jpg', { kind: 'url', url: 'https://pps.whatsapp.net/v/x.jpg' }],
    ['changed', { kind: 'changed' }],
    ['removed', { kind: 'removed' }],
    [null, { kind: 'removed' }],
  ])('reads the picture %j', (imgUrl, picture) => {
    expect(read([{ id: PN, imgUrl }])).toMatchObject([{ picture }])
  })

  it.each(['', 'soon', 7, undefined])('reads no picture from %j', (imgUrl) => {
    expect(read([{ id: PN, imgUrl }])[0]).not.toHaveProperty('picture')
  })

  it.each([[null], [{}], [[{ name: 'Maria Example' }]], [[{ id: 'x' }]]])('refuses %j', (data) => {
    expect(read(data)).toMatchObject([{ type: 'unknown', reason: 'contact without an address' }])
  })
})
