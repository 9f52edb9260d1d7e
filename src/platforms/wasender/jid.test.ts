import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, addressOfAlias, aliasOf, formatJid, parseAddress } from './jid.ts'

const phone = { kind: 'phone', digits: '15550001111' } as const
const lid = { kind: 'lid', id: '189975000000001' } as const

describe('parseAddress', () => {
  it.each<[string, Address]>([
    ['15550001111@s.whatsapp.net', phone],
    ['15550001111:12@s.whatsapp.net', phone],
    ['15550001111_1:12@s.whatsapp.net', phone],
    ['15550001111@c.us', phone],
    ['15550001111@hosted', phone],
    ['15550001111:99@hosted', phone],
    ['15550001111@S.WhatsApp.net', phone],
    ['+15550001111', phone],
    [' +15550001111 ', phone],
    ['15550001111', phone],
    ['123456', { kind: 'phone', digits: '123456' }],
    ['123456789012345', { kind: 'phone', digits: '123456789012345' }],
    ['+1555', { kind: 'phone', digits: '1555' }],
    ['189975000000001@lid', lid],
    ['189975000000001:7@lid', lid],
    ['189975000000001@hosted.lid', lid],
    ['189975000000001:99@hosted.lid', lid],
    ['120363000000000001@g.us', { kind: 'group', id: '120363000000000001' }],
    ['15550001111-1633456890@g.us', { kind: 'group', id: '15550001111-1633456890' }],
    ['120363000000000099@newsletter', { kind: 'newsletter', id: '120363000000000099' }],
    ['status@broadcast', { kind: 'status' }],
    ['1633456890@broadcast', { kind: 'broadcast', id: '1633456890' }],
  ])('reads %s', (raw, address) => {
    expect(parseAddress(raw)).toEqual(address)
  })

  it.each([
    '',
    '   ',
    '@',
    '@lid',
    '12345',
    '1234567890123456',
    '+1234567890123456',
    'maria',
    'maria@s.whatsapp.net',
    '@s.whatsapp.net',
    '15550001111@example.com',
    '15550001111@constructor',
    '15550001111@__proto__',
    'a b@g.us',
    '1:2@g.us',
    '+1 555 000',
  ])('refuses %j', (raw) => {
    expect(parseAddress(raw)).toBeUndefined()
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (raw) => void parseAddress(raw)))
  })
})

const digits = fc.stringMatching(/^[1-9]\d{5,14}$/)
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ kind: fc.constant('phone' as const), digits }),
  fc.record({ kind: fc.constant('lid' as const), id: digits }),
  fc.record({ kind: fc.constant('group' as const), id: fc.oneof(digits, fc.constant('1-2')) }),
  fc.record({ kind: fc.constant('newsletter' as const), id: digits }),
  fc.record({ kind: fc.constant('broadcast' as const), id: digits }),
  fc.constant({ kind: 'status' as const }),
)

describe('spellings', () => {
  it('survive the way to a JID and back', () => {
    fc.assert(fc.property(address, (one) => void expect(parseAddress(formatJid(one))).toEqual(one)))
  })

  it('survive the way to an alias and back', () => {
    fc.assert(fc.property(address, (one) => void expect(addressOfAlias(aliasOf(one))).toEqual(one)))
  })

  it('never share an alias or a JID unless they are the same', () => {
    const sameDigits = digits.map((id): Address[] => [
      { kind: 'phone', digits: id },
      { kind: 'lid', id },
      { kind: 'group', id },
      { kind: 'newsletter', id },
      { kind: 'broadcast', id },
      { kind: 'status' },
    ])
    fc.assert(
      fc.property(sameDigits, fc.array(address), (alike, others) => {
        const all = new Set([...alike, ...others].map((one) => JSON.stringify(one)))
        const addresses = [...all].map((one) => JSON.parse(one) as Address)
        expect(new Set(addresses.map(aliasOf)).size).toBe(all.size)
        expect(new Set(addresses.map(formatJid)).size).toBe(all.size)
      }),
    )
  })

  it('ignore the device an address was written with', () => {
    fc.assert(
      fc.property(digits, fc.nat(99), (user, device) => {
        for (const server of ['s.whatsapp.net', 'lid']) {
          const plain = parseAddress(`${user}@${server}`)
          expect(plain).toBeDefined()
          expect(parseAddress(`${user}:${device}@${server}`)).toEqual(plain)
        }
      }),
    )
  })
})

describe('aliasOf', () => {
  it.each<[Address, string]>([
    [phone, 'pn:15550001111'],
    [lid, 'lid:189975000000001'],
    [{ kind: 'group', id: '1-2' }, 'group:1-2'],
    [{ kind: 'newsletter', id: '12' }, 'newsletter:12'],
    [{ kind: 'broadcast', id: '12' }, 'broadcast:12'],
    [{ kind: 'status' }, 'status'],
  ])('%j is %s', (one, alias) => {
    expect(aliasOf(one)).toBe(alias)
  })
})

describe('addressOfAlias', () => {
  it.each(['', 'pn', 'pn:', 'pn:abc', 'phone:15550001111', 'broadcast:status', 'lid:1:2', ':1'])(
    'refuses %j',
    (alias) => {
      expect(addressOfAlias(alias)).toBeUndefined()
    },
  )
})
