import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatAddresses, readKey } from './key.ts'

const PN = '15550001111@s.whatsapp.net'
const LID = '189975000000001@lid'
const GROUP = '120363000000000001@g.us'
const base = { id: 'ABC', fromMe: false }

function direct(fields: object) {
  const { phone, lid } = readKey({ ...base, ...fields }) ?? {}
  return { phone, lid }
}

describe('the other person of a direct chat', () => {
  it.each([
    [
      'the captured form',
      { remoteJid: LID, senderPn: PN, cleanedSenderPn: '15550001111', senderLid: LID },
    ],
    ['cleanedSenderPn alone', { remoteJid: LID, cleanedSenderPn: '15550001111' }],
    ["the SDK's spelling", { remoteJid: LID, cleanSenderPn: '15550001111' }],
    ['a plus before clean digits', { remoteJid: LID, cleanedSenderPn: '+15550001111' }],
    ['senderPn alone', { remoteJid: LID, senderPn: PN }],
    ['senderPn with a device', { remoteJid: LID, senderPn: '15550001111:3@s.whatsapp.net' }],
    ['remoteJidAlt', { remoteJid: LID, remoteJidAlt: PN }],
    ['a LID in remoteJidAlt', { remoteJid: PN, remoteJidAlt: LID }],
    ['a LID in senderPn', { remoteJid: PN, senderPn: LID }],
    ['an unmarked senderLid', { remoteJid: PN, senderLid: '189975000000001' }],
    ['a number that is too short', { remoteJid: LID, cleanedSenderPn: '1555000', senderPn: PN }],
    [
      'a number that is too long',
      { remoteJid: LID, cleanedSenderPn: '1555000111122223', senderPn: PN },
    ],
    // The gateway cleans a LID as it would a number; taken for one it reaches a stranger.
    [
      'a LID among the clean digits',
      { remoteJid: LID, cleanedSenderPn: '189975000000001', remoteJidAlt: PN },
    ],
    ['a LID as bare senderPn', { remoteJid: PN, senderLid: LID, senderPn: '189975000000001' }],
  ])('from %s', (_name, fields) => {
    expect(direct(fields)).toEqual({ phone: '15550001111', lid: '189975000000001' })
  })

  it('takes the sources in the documented order', () => {
    const sources = [
      ['cleanedSenderPn', '10000001'],
      ['cleanSenderPn', '10000002'],
      ['senderPn', '10000003@s.whatsapp.net'],
      ['remoteJidAlt', '10000004@s.whatsapp.net'],
      ['remoteJid', '10000005@s.whatsapp.net'],
    ] as const
    sources.forEach((source, index) => {
      const fields = Object.fromEntries(sources.slice(index))
      expect(direct(fields).phone).toBe(source[1].slice(0, 8))
    })
  })

  it('has no phone when there is only a LID', () => {
    const fields = { remoteJid: LID, senderPn: LID, cleanedSenderPn: '189975000000001' }
    expect(direct(fields)).toEqual({ phone: undefined, lid: '189975000000001' })
  })

  it('is no participant', () => {
    const key = readKey({ ...base, remoteJid: LID, senderPn: PN, senderLid: LID })
    expect(key).toBeDefined()
    expect(key).not.toHaveProperty('participant')
    expect(key).not.toHaveProperty('participantPhone')
  })

  it('is not the sender of our own message', () => {
    const own = {
      fromMe: true,
      senderPn: '15550002222@s.whatsapp.net',
      cleanedSenderPn: '15550002222',
      senderLid: '200000000000002@lid',
    }
    expect(direct({ ...own, remoteJid: LID })).toEqual({ phone: undefined, lid: '189975000000001' })
    expect(direct({ ...own, remoteJid: PN })).toEqual({ phone: '15550001111', lid: undefined })
  })
})

describe('our own message', () => {
  const OURS = '15550002222@s.whatsapp.net'
  const OUR_LID = '200000000000002@lid'
  const sent = (fields: object) => readKey({ id: 'ABC', fromMe: true, ...fields })

  it.each([
    [
      'a number beside a LID',
      { remoteJid: LID, remoteJidAlt: PN },
      { kind: 'phone', digits: '15550001111' },
    ],
    [
      'a LID beside a number',
      { remoteJid: PN, remoteJidAlt: LID },
      { kind: 'lid', id: '189975000000001' },
    ],
    [
      'with a device',
      { remoteJid: LID, remoteJidAlt: '15550001111:7@s.whatsapp.net' },
      { kind: 'phone', digits: '15550001111' },
    ],
    ['a second number', { remoteJid: PN, remoteJidAlt: OURS }, undefined],
    ['a group', { remoteJid: LID, remoteJidAlt: GROUP }, undefined],
    ['what we sent it from', { remoteJid: LID, remoteJidAlt: OURS, senderPn: OURS }, undefined],
    [
      'bare',
      { remoteJid: LID, remoteJidAlt: '15550002222', cleanedSenderPn: '15550002222' },
      undefined,
    ],
    ['our LID', { remoteJid: PN, remoteJidAlt: OUR_LID, senderLid: OUR_LID }, undefined],
    [
      'our device',
      { remoteJid: LID, remoteJidAlt: OURS, participant: '15550002222:4@s.whatsapp.net' },
      undefined,
    ],
  ])('keeps an alternative apart from the chat: %s', (_name, fields, alternative) => {
    const key = sent(fields)
    expect(key?.alternative).toEqual(alternative)
    expect(direct({ ...fields, fromMe: true })).toEqual(
      fields.remoteJid === LID
        ? { phone: undefined, lid: '189975000000001' }
        : { phone: '15550001111', lid: undefined },
    )
  })

  it('belongs to no chat when only an alternative is there', () => {
    expect(sent({ remoteJidAlt: PN })).toBeUndefined()
  })

  it('is to the LID that a number was written for', () => {
    expect(sent({ remoteJid: '189975000000001@s.whatsapp.net', remoteJidAlt: LID })).toMatchObject({
      chat: { kind: 'lid', id: '189975000000001' },
    })
  })

  it('to a list stays with the list', () => {
    const key = sent({ remoteJid: '12@broadcast', participant: PN, remoteJidAlt: PN })
    expect(key).toMatchObject({ chat: { kind: 'broadcast', id: '12' } })
    expect(key).not.toHaveProperty('phone')
  })
})

describe('what a customer writes to a broadcast list', () => {
  const list = { ...base, remoteJid: '1700000010@broadcast' }

  it.each([
    ['a number', { participant: PN }, { phone: '15550001111', lid: undefined }],
    [
      'a device',
      { participant: '15550001111:9@s.whatsapp.net' },
      { phone: '15550001111', lid: undefined },
    ],
    ['a LID alone', { participant: LID }, { phone: undefined, lid: '189975000000001' }],
    ['participantAlt', { participant: LID, participantAlt: PN }],
    ['a LID in participantAlt', { participant: PN, participantAlt: LID }],
    ['participantPn', { participant: LID, participantPn: PN }],
    ['clean digits', { participant: LID, cleanedParticipantPn: '15550001111' }],
    ['remoteJidAlt', { participant: LID, remoteJidAlt: PN }],
    ['the sender fields', { participant: LID, senderPn: PN }],
    ['the sender fields alone', { senderLid: LID, cleanedSenderPn: '15550001111' }],
    ['participantLid alone', { participantLid: LID, participantPn: PN }],
  ])('is in the chat with that customer: %s', (_name, fields, person = undefined) => {
    const key = readKey({ ...list, ...fields })
    expect(direct({ ...list, ...fields })).toEqual(
      person ?? { phone: '15550001111', lid: '189975000000001' },
    )
    expect(['phone', 'lid']).toContain(key?.chat.kind)
    expect(key).not.toHaveProperty('participant')
  })

  it('keeps the values the read receipt needs as they came', () => {
    const raw = { id: 'ABC', remoteJid: list.remoteJid, fromMe: false, participant: LID }
    expect(readKey({ ...raw, participantPn: PN })?.raw).toEqual(raw)
  })

  it('is in nobody’s chat when nobody is named', () => {
    expect(readKey(list)).toBeUndefined()
  })

  it('is something else than a story', () => {
    expect(readKey({ ...base, remoteJid: 'status@broadcast', participant: PN })).toMatchObject({
      chat: { kind: 'status' },
      participantPhone: '15550001111',
    })
  })
})

describe('a group key', () => {
  const author = {
    participant: { kind: 'lid', id: '189975000000001' },
    participantPhone: '15550001111',
    participantLid: '189975000000001',
  }

  it.each([
    [
      'the documented form',
      { participant: LID, participantPn: PN, cleanedParticipantPn: '15550001111' },
    ],
    ['participantAlt', { participant: LID, participantAlt: PN }],
    ['participantLid alone', { participantLid: LID, participantPn: PN }],
    ['the sender fields', { senderLid: LID, senderPn: PN, cleanedSenderPn: '15550001111' }],
  ])('names its author in %s', (_name, fields) => {
    const key = readKey({ ...base, remoteJid: GROUP, ...fields })
    expect(key).toMatchObject(author)
    expect(key).toMatchObject({ chat: { kind: 'group', id: '120363000000000001' } })
  })

  it('never gives the group the phone or LID of a person', () => {
    const fields = {
      senderPn: PN,
      cleanedSenderPn: '15550001111',
      senderLid: LID,
      remoteJidAlt: PN,
    }
    for (const remoteJid of [GROUP, '12@newsletter', 'status@broadcast']) {
      const key = readKey({ ...base, remoteJid, ...fields })
      expect(key).toBeDefined()
      expect(key).not.toHaveProperty('phone')
      expect(key).not.toHaveProperty('lid')
    }
  })
})

describe('readKey', () => {
  it('keeps the values the read receipt needs as they came', () => {
    const raw = {
      id: 'ABC',
      remoteJid: '15550001111:3@s.whatsapp.net',
      fromMe: true,
      participant: LID,
    }
    expect(readKey(raw)?.raw).toEqual(raw)
  })

  it.each([
    [{ fromMe: true }, true],
    [{ fromMe: 'true' }, true],
    [{ fromMe: 'false' }, false],
    [{}, false],
  ])('reads the direction of %j', (fields, fromMe) => {
    expect(readKey({ id: 'ABC', remoteJid: PN, ...fields })?.fromMe).toBe(fromMe)
  })

  it('takes copies outside of the key for what the key lacks', () => {
    const copies = { id: 'COPY', remoteJid: PN }
    expect(readKey({ fromMe: true }, copies)?.raw).toEqual({ ...copies, fromMe: true })
    expect(readKey({ id: 'OWN', remoteJid: LID, fromMe: true }, copies)?.raw).toEqual({
      id: 'OWN',
      remoteJid: LID,
      fromMe: true,
    })
  })

  it('finds the chat of an incoming direct message without remoteJid', () => {
    const key = readKey({ ...base, senderPn: PN, senderLid: LID })
    expect(key?.chat).toEqual({ kind: 'phone', digits: '15550001111' })
    expect(key?.raw.remoteJid).toBe(PN)
  })

  it('reads a LID written as a number as the LID it is', () => {
    const key = readKey({ ...base, remoteJid: '+189975000000001', senderLid: LID, senderPn: PN })
    expect(key).toMatchObject({
      chat: { kind: 'lid', id: '189975000000001' },
      phone: '15550001111',
      raw: { remoteJid: '+189975000000001' },
    })
  })

  it.each([
    ['no id', { fromMe: false, remoteJid: PN }],
    ['an empty id', { id: '', remoteJid: PN }],
    ['no address', { id: 'ABC' }],
    ['no address of our own message', { id: 'ABC', fromMe: true, senderPn: PN }],
    ['a group message without its group', { ...base, senderPn: PN, participant: LID }],
    ['an address of another network', { id: 'ABC', remoteJid: 'a@example.com' }],
    ['a chat of an unknown kind', { ...base, remoteJid: '12@community', senderPn: PN }],
    ['a string', 'ABC'],
    ['null', null],
    ['a list', [{ ...base, remoteJid: PN }]],
  ])('gives nothing for %s', (_name, value) => {
    expect(readKey(value)).toBeUndefined()
  })

  it('reads msgId as a number only', () => {
    const msgId = (value: unknown) => readKey({ ...base, remoteJid: PN, msgId: value })?.msgId
    expect([58224349, '58224349', 'x', 1.5, -1, null].map(msgId)).toEqual([
      58224349,
      58224349,
      ...[undefined, undefined, undefined, undefined],
    ])
  })

  it('is not moved by extra fields or fields of another type', () => {
    const names = fc.string().filter((name) => !/pn|lid|jid|id|fromme|participant/i.test(name))
    const odd = fc.dictionary(names, fc.jsonValue())
    const raw = { ...base, remoteJid: LID, senderPn: PN, cleanedSenderPn: '15550001111' }
    fc.assert(
      fc.property(odd, fc.oneof(fc.integer(), fc.constant(null)), (extra, wrong) => {
        const key = readKey({ ...extra, ...raw, senderLid: wrong, remoteJidAlt: wrong })
        expect(key).toEqual(readKey(raw))
      }),
    )
  })
})

describe('chatAddresses', () => {
  it('has everything that leads to a direct chat', () => {
    const key = readKey({ ...base, remoteJid: LID, senderPn: PN })
    expect(key && chatAddresses(key)).toEqual({
      address: { kind: 'lid', id: '189975000000001' },
      phone: '15550001111',
      lid: '189975000000001',
    })
  })

  it('has the group alone for a group', () => {
    const key = readKey({ ...base, remoteJid: GROUP, participant: LID, participantPn: PN })
    expect(key && chatAddresses(key)).toEqual({
      address: { kind: 'group', id: '120363000000000001' },
    })
  })
})
