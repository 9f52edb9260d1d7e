import { describe, expect, it } from 'vitest'
import { parseWasenderWebhook } from '../../platforms/wasender/events/index.ts'
import { directKey, encrypted, GROUP, groupKey, upsert } from './inbound/fixtures.ts'
import { firstTold, sameAs } from './inbound/telling.ts'
import { type Incoming, readIncoming } from './incoming.ts'

const HEARD = 1_784_402_767_000
const TARGET = '3EB0F00DF00DF00DF00D01'
const EDITED = '3EB0A1B2C3D4E5F6071829'
const person = {
  address: { kind: 'lid', id: '189975000000001' },
  phone: '15550001111',
  lid: '189975000000001',
}

/** What shows up of a webhook. */
function shown(body: unknown, heardAt = HEARD): Incoming[] {
  return parseWasenderWebhook(body).events.flatMap((event) => {
    const read = readIncoming(event, heardAt)
    return read !== undefined && 'incoming' in read ? [read.incoming] : []
  })
}
const idsOf = (...bodies: unknown[]) => bodies.map((body) => shown(body)[0]?.id)
const body = (event: string, data: unknown) => ({ event, data, timestamp: HEARD })

describe('messages', () => {
  it('keep the id of their key, whatever event brings them', () => {
    const [incoming] = shown(upsert({ conversation: 'Hola' }))
    expect(incoming).toMatchObject({
      id: directKey.id,
      who: person,
      fromMe: false,
      at: 1_784_402_765_000,
      pushName: 'Maria Example',
      key: { id: directKey.id, raw: { remoteJid: '189975000000001@lid' } },
      message: { content: { kind: 'text', text: 'Hola' } },
    })
    expect(incoming).not.toHaveProperty('author')
    const [embedded] = shown(
      body('chats.update', {
        chats: {
          id: '189975000000001@lid',
          messages: [{ message: upsert({ conversation: 'Hola' }).data.messages }],
        },
      }),
    )
    expect(embedded).toEqual(incoming)
  })

  it('name their author in a group, and only others', () => {
    const message = { conversation: 'Hey everyone' }
    expect(shown(upsert(message, { key: groupKey }))[0]).toMatchObject({
      who: { address: { kind: 'group', id: '120363000000000001' } },
      author: { name: 'Maria Example', phone: '15550001111', lid: '189975000000001' },
    })
    const [own] = shown(upsert(message, { key: { ...groupKey, fromMe: true } }))
    expect(own?.fromMe).toBe(true)
    expect(own).not.toHaveProperty('author')
    expect(own).not.toHaveProperty('pushName')
  })

  it('leave files as they came', () => {
    const message = { viewOnceMessageV2: { message: { imageMessage: encrypted } } }
    expect(shown(upsert(message))[0]?.message).toMatchObject({
      viewOnce: true,
      content: { media: { raw: encrypted } },
    })
  })

  it.each([
    ['noise', { protocolMessage: { type: 3, ephemeralExpiration: 604_800 } }, {}],
    ['noise', { pollUpdateMessage: { vote: {} } }, {}],
    ['empty', undefined, { messageStubType: 2, messageStubParameters: ['absent'] }],
  ])('that are %s leave no trace', (ignore, message, more) => {
    const [event] = parseWasenderWebhook(upsert(message, more)).events
    expect(event && readIncoming(event)).toEqual({ ignore })
  })
})

describe('an edit', () => {
  const protocolMessage = {
    key: { id: EDITED, fromMe: false, remoteJid: '15550001111@s.whatsapp.net' },
    type: 14,
    editedMessage: { conversation: 'Corrected text' },
    timestampMs: '1784402766013',
  }
  const key = { remoteJid: '15550001111@s.whatsapp.net', id: EDITED, fromMe: false }
  const update = { message: { editedMessage: { message: { conversation: 'Corrected text' } } } }
  const forms = [
    upsert({ protocolMessage }, { key: { ...directKey, id: '3EB0EDITREQUEST0000001' } }),
    upsert({ editedMessage: { message: { protocolMessage } } }),
    body('messages.update', { update: { ...update, messageTimestamp: 1_784_402_765 }, key }),
    body('messages.update', [{ update: { key, update } }]),
  ]

  it('is the same in all its forms', () => {
    for (const form of forms) {
      expect(shown(form)).toMatchObject([
        {
          who: { phone: '15550001111' },
          fromMe: false,
          message: { content: { kind: 'edit', target: EDITED, text: 'Corrected text' } },
        },
      ])
      expect(shown(form)[0]).not.toHaveProperty('key')
    }
    expect(new Set(idsOf(...forms))).toHaveLength(1)
  })

  it('is another one with other words', () => {
    const other = { ...protocolMessage, editedMessage: { conversation: 'Corrected again' } }
    const [first, second] = idsOf(forms[0], upsert({ protocolMessage: other }))
    expect(first).not.toBe(second)
  })
})

describe('a deletion', () => {
  const key = { remoteJid: '15550001111@s.whatsapp.net', id: EDITED, fromMe: false }
  const forms = [
    upsert({ protocolMessage: { key, type: 0 } }),
    upsert({ protocolMessage: { key, type: 'REVOKE' } }),
    upsert({ protocolMessage: { key } }),
    body('messages.update', { update: { message: null, messageStubType: 1 }, key }),
    body('messages.delete', { keys: [{ ...key, remoteJid: '+15550001111' }] }),
    upsert(undefined, { key: { ...directKey, id: EDITED }, messageStubType: 'REVOKE' }),
  ]

  it('is the same in all its forms', () => {
    for (const form of forms) {
      expect(shown(form)).toMatchObject([
        {
          who: { phone: '15550001111' },
          message: { content: { kind: 'revoke', target: EDITED } },
        },
      ])
    }
    expect(new Set(idsOf(...forms))).toHaveLength(1)
  })
})

describe('a reaction', () => {
  const target = { remoteJid: '15550001111@s.whatsapp.net', fromMe: true, id: TARGET }
  const T = 1_784_402_766_013
  const asMessage = (text: string, at: unknown = T, key: object = directKey) =>
    upsert({ reactionMessage: { key: target, text, senderTimestampMs: at } }, { key })
  const asEvent = (reaction: object) => body('messages.reaction', [{ key: target, reaction }])
  const own = { id: '3EB0REACTION0000000001', fromMe: false, remoteJid: target.remoteJid }

  it('is the same as a message and as an event', () => {
    const forms = [
      asMessage('👍'),
      asMessage('👍', String(T)),
      asMessage('👍', { low: T | 0, high: Math.floor(T / 2 ** 32), unsigned: true }),
      asEvent({ text: '👍', senderTimestampMs: String(T), key: own }),
      asEvent({ text: '👍', senderTimestampMs: T, key: target }),
    ]
    for (const form of forms) {
      expect(shown(form)).toMatchObject([
        { fromMe: false, message: { content: { kind: 'reaction', target: TARGET, text: '👍' } } },
      ])
    }
    expect(new Set(idsOf(...forms))).toHaveLength(1)
  })

  it('is the same by its own key when no form has a time', () => {
    const key = { ...directKey, id: own.id }
    const forms = [asMessage('👍', null, key), asEvent({ text: '👍', key: own })]
    expect(new Set(idsOf(...forms))).toEqual(new Set([own.id]))
  })

  it('is the same for a member whom one form names by LID and the other by number', () => {
    const group = { id: TARGET, fromMe: true, remoteJid: GROUP }
    const message = upsert(
      { reactionMessage: { key: group, text: '👍', senderTimestampMs: T } },
      { key: groupKey },
    )
    const reaction = {
      text: '👍',
      senderTimestampMs: T,
      key: { id: groupKey.id, remoteJid: GROUP, participant: '15550001111@s.whatsapp.net' },
    }
    const event = body('messages.reaction', [{ key: group, reaction }])
    expect(new Set(idsOf(message, event))).toHaveLength(1)
    expect(shown(event)[0]?.author).toEqual({ phone: '15550001111' })
  })

  it('loses nothing when it is given, taken back and given again', () => {
    expect(
      new Set(idsOf(asMessage('👍', T), asMessage('', T + 900), asMessage('👍', T + 1800))),
    ).toHaveLength(3)
    const untimed = (text: string, id: string) => asEvent({ text, key: { ...own, id } })
    expect(
      new Set(idsOf(untimed('👍', '3EB01'), untimed('', '3EB02'), untimed('👍', '3EB03'))),
    ).toHaveLength(3)
  })

  it('can be recognised in the documented form, which has neither time nor key', () => {
    const [timed] = shown(asMessage('👍'))
    if (timed?.telling === undefined) throw new Error('a reaction has a telling')
    const known = [firstTold(timed.id, timed.telling, T)]
    const isKnown = (text: string, heardAt: number) => {
      const [told] = shown(asEvent({ text, key: target }), heardAt)
      return told?.telling !== undefined && sameAs(known, told.telling, heardAt) !== undefined
    }
    expect(isKnown('👍', T + 500)).toBe(true)
    expect(isKnown('👍', T + 59_000)).toBe(true)
    expect(isKnown('', T + 500)).toBe(false)
    expect(isKnown('👍', T + 180_000)).toBe(false)
  })

  it('is ours when we reacted, and a customer’s when nobody says so', () => {
    expect(shown(asEvent({ text: '👍', key: { ...own, fromMe: true } }))[0]?.fromMe).toBe(true)
    const documented = {
      key: { id: 'message-id-123', fromMe: false, remoteJid: '+1234567890' },
      reaction: {
        text: '👍',
        key: { id: 'message-id-123', fromMe: false, remoteJid: '+1234567890' },
      },
    }
    const repeated = body('messages.reaction', [documented])
    expect(shown(repeated)).toMatchObject([{ fromMe: false, who: { phone: '1234567890' } }])
    expect(shown(repeated, HEARD)[0]?.id).toBe(shown(repeated, HEARD + 2000)[0]?.id)
    expect(shown(repeated, HEARD)[0]?.id).not.toBe(shown(repeated, HEARD + 600_000)[0]?.id)
  })
})

describe('votes', () => {
  const key = {
    remoteJid: '15550001111@s.whatsapp.net',
    fromMe: true,
    id: 'FZNABLUGNI0F3QIJSWPW7H',
  }
  const votes = (...voters: string[][]) =>
    body('poll.results', {
      key,
      pollResult: voters.map((names, index) => ({ name: `Option ${index}`, voters: names })),
    })

  it('are the customers’, also in a poll of ours', () => {
    expect(shown(votes(['15550001111@s.whatsapp.net'], []))).toMatchObject([
      {
        fromMe: false,
        who: { phone: '15550001111' },
        message: {
          content: {
            kind: 'poll-result',
            target: key.id,
            options: [
              { name: 'Option 0', votes: 1 },
              { name: 'Option 1', votes: 0 },
            ],
          },
        },
      },
    ])
  })

  it('are new when the tally is, and when it is again what it was', () => {
    const [one, other] = idsOf(votes(['a'], []), votes([], ['a']))
    expect(one).not.toBe(other)
    const [later] = shown(votes(['a'], []), HEARD + 600_000)
    expect(later?.id).not.toBe(one)
  })
})

describe('a call', () => {
  const call = { id: 'call-id-123', from: '15550001111@s.whatsapp.net', isVideo: true }

  it('is one line, whatever becomes of it', () => {
    const forms = [
      body('call', { call: { ...call, date: '2026-07-18T12:00:30.000Z', status: 'offer' } }),
      body('call.received', { call }),
      body('call', { call: { ...call, status: 'timeout' } }),
      upsert(undefined, {
        key: { id: call.id, fromMe: false, remoteJid: call.from },
        messageStubType: 41,
      }),
    ]
    expect(shown(forms[0])).toMatchObject([
      {
        who: { phone: '15550001111' },
        fromMe: false,
        at: Date.parse('2026-07-18T12:00:30.000Z'),
        message: { content: { kind: 'call', video: true, group: false, status: 'offer' } },
      },
    ])
    expect(new Set(idsOf(...forms))).toHaveLength(1)
  })

  it('to a group is the group’s, by its caller', () => {
    const grouped = body('call', { call: { ...call, isGroup: true, groupJid: GROUP } })
    expect(shown(grouped)).toMatchObject([
      { who: { address: { kind: 'group' } }, author: { phone: '15550001111' } },
    ])
  })
})

describe('a change of a group', () => {
  const change = (more: object) =>
    body('group-participants.update', { jid: GROUP, action: 'add', ...more })
  const JOINED = ['15550001111@s.whatsapp.net']

  it('is the same as an event and as a message nobody wrote', () => {
    const forms = [
      change({ participants: JOINED }),
      change({ participants: [{ id: '189975000000001@lid', phoneNumber: JOINED[0] }] }),
      upsert(undefined, {
        key: { ...groupKey, id: '3EB0STUB' },
        messageStubType: 27,
        messageStubParameters: JOINED,
      }),
    ]
    for (const form of forms) {
      expect(shown(form)).toMatchObject([
        { message: { content: { kind: 'system', what: 'group-add', names: JOINED } } },
      ])
    }
    expect(new Set(idsOf(...forms))).toHaveLength(1)
    expect(shown(forms[0], HEARD + 3_600_000)[0]?.id).not.toBe(shown(forms[0])[0]?.id)
  })

  it('says who did it, and tells leaving from being removed', () => {
    const removed = change({ action: 'remove', participants: JOINED, author: '15550002222' })
    expect(shown(removed)).toMatchObject([
      { author: { phone: '15550002222' }, message: { content: { what: 'group-remove' } } },
    ])
    const left = change({ action: 'remove', participants: JOINED, author: JOINED[0] })
    expect(shown(left)).toMatchObject([{ message: { content: { what: 'group-leave' } } }])
  })

  it.each([
    [{ subject: 'Fair' }, { what: 'group-subject', names: ['Fair'] }],
    [{ desc: 'Rules' }, { what: 'group-description', text: 'Rules' }],
    [
      { announce: true, restrict: false },
      { what: 'group-settings', names: ['announce-on', 'restrict-off'] },
    ],
  ])('tells %j', (fields, content) => {
    const update = body('groups.update', [{ jid: GROUP, ...fields }])
    expect(shown(update)).toMatchObject([{ message: { content } }])
  })

  it('is no line when a whole group is described', () => {
    const whole = { jid: GROUP, subject: 'Fair', creation: 1_633_456_890, participants: JOINED }
    expect(shown(body('groups.update', [whole]))).toEqual([])
    expect(shown(body('groups.upsert', [{ jid: GROUP, subject: 'Fair' }]))).toEqual([])
  })
})

describe('everything else', () => {
  it.each([
    body('messages.update', { update: { status: 3 }, key: { ...directKey, fromMe: true } }),
    body('session.status', { status: 'connected' }),
    body('contacts.update', [{ jid: '15550001111@s.whatsapp.net', imgUrl: 'changed' }]),
    body('chats.delete', ['15550001111@s.whatsapp.net']),
    body('message.sent', { success: false, error: 'Invalid number JID: +123456787' }),
    body('something.new', {}),
  ])('is not shown: %j', (webhook) => {
    const reads = parseWasenderWebhook(webhook).events.map((event) => readIncoming(event))
    expect(reads).toEqual([undefined])
  })
})
