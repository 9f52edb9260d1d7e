import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from './vcard.ts'

const card = (...lines: string[]) =>
  ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n')

describe('readCard', () => {
  it.each([
    ['a plain card', ['FN:Maria Souza', 'TEL:+55 11 98765-4321'], 'Maria Souza', '+5511987654321'],
    ['parameters', ['FN:A', 'TEL;TYPE=CELL,VOICE;PREF=1:+15550001111'], 'A', '+15550001111'],
    ['Apple groups', ['FN:A', 'item1.TEL;type=CELL:+15550001111'], 'A', '+15550001111'],
    ['version 4', ['FN:A', 'TEL;VALUE=uri:tel:+1-555-000-1111;ext=5'], 'A', '+15550001111'],
    ['an international prefix', ['FN:A', 'TEL:0049 30 1234567'], 'A', '+49301234567'],
    ['no FN', ['N:Souza;Maria;;Dr.;', 'TEL:+15550001111'], 'Dr. Maria Souza', '+15550001111'],
    ['a company', ['ORG:Acme\\, Inc.;', 'TEL:+15550001111'], 'Acme, Inc.', '+15550001111'],
    ['no name', ['TEL:+15550001111'], '+15550001111', '+15550001111'],
    [
      'escapes',
      ['FN:Souza\\, Maria\\; MD', 'TEL:+15550001111'],
      'Souza, Maria; MD',
      '+15550001111',
    ],
    [
      'quoted-printable',
      ['FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BC=', 'rgen', 'TEL:+15550001111'],
      'Jürgen',
      '+15550001111',
    ],
    [
      'folded lines',
      ['FN:Maria So', ' uza', 'TEL:+1555', ' 0001111'],
      'Maria Souza',
      '+15550001111',
    ],
    [
      'a WhatsApp number beside others',
      ['FN:A', 'TEL:+493012345', 'TEL;type=CELL;waid=15550001111:0155 5000 1111'],
      'A',
      '+15550001111',
    ],
    ['the first that works', ['FN:A', 'TEL:030 1234', 'TEL:+15550001111'], 'A', '+15550001111'],
  ])('reads %s', (_what, lines, name, phone) => {
    expect(readCard(card(...lines))).toEqual({ name, phone })
  })

  it.each([
    ['nothing', ''],
    ['another file', 'name,phone\nMaria,+15550001111'],
    ['a card without a number', card('FN:Maria')],
    ['a number without a country code', card('FN:Maria', 'TEL:030 123456')],
    ['several cards', card('FN:A', 'TEL:+15550001111') + card('FN:B', 'TEL:+15550002222')],
    [
      'a second card far below',
      card('FN:A', 'TEL:+15550001111', ...Array(3000).fill('X-A:1')) + card('TEL:+15550002222'),
    ],
  ])('leaves %s to be sent as a document', (_what, text) => {
    expect(readCard(text)).toBeUndefined()
  })

  it('finds name and number whatever is written around them', () => {
    const digits = fc.stringMatching(/^[1-9]\d{6,14}$/)
    const name = fc.stringMatching(/^[\p{L}][\p{L} ]{0,20}[\p{L}]$/u)
    const noise = fc.array(fc.stringMatching(/^X-[A-Z]{1,8}:[a-z0-9]{0,9}$/))
    fc.assert(
      fc.property(digits, name, noise, noise, (number, given, before, after) => {
        const text = card(...before, `FN:${given}`, `TEL;TYPE=CELL:+${number}`, ...after)
        expect(readCard(text)).toEqual({ name: given, phone: `+${number}` })
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readCard(text)
        readCard(card(text))
      }),
    )
  })
})
