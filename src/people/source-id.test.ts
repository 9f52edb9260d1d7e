import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aliasOf, parseAddress, type Who } from '../platforms/wasender/jid.ts'
import { sourceIdOf } from './contacts.ts'

/** Any id a JID can hold, odd characters and great lengths among them. */
const id = fc.oneof(
  fc.stringMatching(/^\d{5,20}$/),
  fc.stringMatching(/^[a-z0-9._/%~-]{1,12}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('.', '_', '/', '2', 'e', '-'), minLength: 1, maxLength: 8 }),
)
const server = fc.constantFrom('s.whatsapp.net', 'lid', 'g.us', 'newsletter', 'broadcast')

const chat = fc
  .tuple(id, server)
  .map(([user, at]) => parseAddress(`${user}@${at}`))
  .filter((address) => address !== undefined)
  .map((address): Who => {
    if (address.kind === 'phone') return { address, phone: address.digits }
    return address.kind === 'lid' ? { address, lid: address.id } : { address }
  })

describe('sourceIdOf', () => {
  it.each([
    [{ address: { kind: 'phone', digits: '15550001111' } }, '15550001111'],
    [{ address: { kind: 'lid', id: '1899' }, phone: '15550001111', lid: '1899' }, '15550001111'],
    [
      { address: { kind: 'lid', id: '189975000000001' }, lid: '189975000000001' },
      'lid-189975000000001',
    ],
    [
      { address: { kind: 'group', id: '4915112345678-1500000000' } },
      'group-4915112345678-1500000000',
    ],
    [
      { address: { kind: 'newsletter', id: '120363000000000009' } },
      'newsletter-120363000000000009',
    ],
    [{ address: { kind: 'group', id: 'a.b/c' } }, 'group-a_2e_b_2f_c'],
    [{ address: { kind: 'status' } }, 'status'],
  ] satisfies [Who, string][])('%j is %s', (who, expected) => {
    expect(sourceIdOf(who)).toBe(expected)
  })

  it('is different for different chats', () => {
    fc.assert(
      fc.property(chat, chat, (one, other) => {
        const same = aliasOf(one.address) === aliasOf(other.address)
        expect(sourceIdOf(one) === sourceIdOf(other)).toBe(same)
      }),
      { numRuns: 5000 },
    )
  })

  it('fits into a path of Chatwoot and into 255 characters', () => {
    fc.assert(
      fc.property(chat, (who) => {
        expect(sourceIdOf(who)).toMatch(/^[A-Za-z0-9_-]{1,255}$/)
      }),
      { numRuns: 2000 },
    )
  })
})
