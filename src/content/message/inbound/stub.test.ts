import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertMessage } from './convert.ts'

const read = (type: number, parameters: string[]) => convertMessage({ stub: { type, parameters } })
const line = (content: object) => ({ carry: { content: { kind: 'system', ...content } } })

describe('messages nobody wrote', () => {
  it.each([
    [20, ['Example group'], { what: 'group-created', names: ['Example group'] }],
    [21, ['New name'], { what: 'group-subject', names: ['New name'] }],
    [22, ['1784402765'], { what: 'group-icon', names: [] }],
    [24, ['Our rules'], { what: 'group-description', names: [], text: 'Our rules' }],
    [25, ['on'], { what: 'group-settings', names: ['restrict-on'] }],
    [26, ['off'], { what: 'group-settings', names: ['announce-off'] }],
    [
      27,
      ['15550001111:3@s.whatsapp.net'],
      { what: 'group-add', names: ['15550001111@s.whatsapp.net'] },
    ],
    [
      32,
      ['{"id":"189975000000001@lid","phoneNumber":"15550001111@s.whatsapp.net","admin":null}'],
      { what: 'group-leave', names: ['15550001111@s.whatsapp.net'] },
    ],
    [
      28,
      ['{broken', '189975000000001@lid'],
      { what: 'group-remove', names: ['189975000000001@lid'] },
    ],
    [145, ['on'], { what: 'group-settings', names: ['joinApproval-on'] }],
    [171, ['admin_add'], { what: 'group-settings', names: ['memberAdd-off'] }],
    [171, ['all_member_add'], { what: 'group-settings', names: ['memberAdd-on'] }],
    [
      172,
      ['189975000000001@lid', 'created', 'invite_link'],
      { what: 'group-request', names: ['189975000000001@lid'] },
    ],
    [
      172,
      ['{"lid":"189975000000001@lid","pn":"15550001111@s.whatsapp.net"}', 'revoked'],
      { what: 'group-request-withdrawn', names: ['15550001111@s.whatsapp.net'] },
    ],
    [
      144,
      ['15550001111@s.whatsapp.net', 'rejected'],
      { what: 'group-request-refused', names: ['15550001111@s.whatsapp.net'] },
    ],
  ])('reads type %i with %j', (type, parameters, content) => {
    expect(read(type, parameters)).toEqual(line(content))
  })

  it('reads missed calls', () => {
    expect(read(41, [])).toEqual({
      carry: { content: { kind: 'call', video: true, group: false, status: 'timeout' } },
    })
  })

  it('passes over everything else', () => {
    expect(read(39, [])).toEqual({ ignore: 'noise' })
    expect(read(172, ['189975000000001@lid', 'pending'])).toEqual({ ignore: 'noise' })
    fc.assert(
      fc.property(fc.nat(250), fc.array(fc.string()), (type, parameters) => {
        expect(() => read(type, parameters)).not.toThrow()
      }),
    )
  })

  it('counts for nothing beside a message', () => {
    const raw = { message: { conversation: 'Hola' }, stub: { type: 2, parameters: [] } }
    expect(convertMessage(raw)).toEqual({ carry: { content: { kind: 'text', text: 'Hola' } } })
  })
})
