import { describe, expect, it } from 'vitest'
import { type Address, digitsOf, readAddress } from './addresses.ts'

const phone = { kind: 'phone', digits: '15550001111' }

describe('readAddress', () => {
  it.each<[string, object]>([
    ['+15550001111', phone],
    ['15550001111', phone],
    ['15550001111@s.whatsapp.net', phone],
    ['15550001111:12@s.whatsapp.net', phone],
    ['15550001111@c.us', phone],
    ['189975000000001@lid', { kind: 'lid', digits: '189975000000001' }],
    ['258540000000002:12@lid', { kind: 'lid', digits: '258540000000002' }],
    ['120363000000000001@g.us', { kind: 'group', jid: '120363000000000001@g.us' }],
    ['15550001111-1633456890@g.us', { kind: 'group', jid: '15550001111-1633456890@g.us' }],
    ['120363000000000099@newsletter', { kind: 'channel', jid: '120363000000000099@newsletter' }],
    ['@Jane_Doe', { kind: 'username', name: 'jane_doe' }],
    ['', { kind: 'invalid' }],
    ['+1 555', { kind: 'invalid' }],
    ['someone@example.com', { kind: 'invalid' }],
    ['1234567890123456', { kind: 'invalid' }],
  ])('%s', (text, expected) => {
    expect(readAddress(text)).toEqual<Address | object>(expected)
  })
})

it.each(['+1 (555) 000-1111', '15550001111@s.whatsapp.net'])('finds the digits of %s', (text) => {
  expect(digitsOf(text)).toBe('15550001111')
})
