import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWasenderWebhook, wasenderEventNames } from './parse.ts'

const PN = '15550001111@s.whatsapp.net'
const LID = '189975000000001@lid'
const GROUP = '120363000000000001@g.us'
const key = {
  id: 'ABC',
  fromMe: false,
  remoteJid: LID,
  senderPn: PN,
  cleanedSenderPn: '15550001111',
}
const message = { key, message: { conversation: 'Hola' }, messageBody: 'Hola' }

/** One body per event name: `data`, and the type of what must come of it. */
const SAMPLES: Record<string, { data: unknown; type: string }> = {
  'messages.upsert': { data: { messages: message }, type: 'message' },
  'messages.received': { data: { messages: message }, type: 'message' },
  'messages-personal.received': { data: { messages: message }, type: 'message' },
  'messages-group.received': {
    data: {
      messages: { ...message, key: { id: 'A', fromMe: false, remoteJid: GROUP, participant: LID } },
    },
    type: 'message',
  },
  'messages-newsletter.received': {
    data: { messages: { ...message, key: { id: 'A', fromMe: false, remoteJid: '12@newsletter' } } },
    type: 'message',
  },
  'message.sent': { data: { key: { ...key, fromMe: true }, success: true }, type: 'sent' },
  'messages.update': { data: { key, update: { status: 3 } }, type: 'status' },
  'messages.delete': { data: { keys: [key] }, type: 'revoked' },
  'message-receipt.update': {
    data: { message: { key, receipt: { userJid: PN, readTimestamp: 1747775431 } } },
    type: 'receipt',
  },
  'messages.reaction': { data: [{ key, reaction: { text: '👍' } }], type: 'reaction' },
  'poll.results': {
    data: { key, pollResult: [{ name: 'Pizza', voters: [PN] }] },
    type: 'poll-result',
  },
  call: { data: { call: { id: 'c', from: PN, status: 'offer' } }, type: 'call' },
  'call.received': { data: { call: { id: 'c', from: PN } }, type: 'call' },
  'session.status': { data: { status: 'connected' }, type: 'session-status' },
  'qrcode.updated': { data: { qr: '2@x' }, type: 'qr' },
  'passkey.updated': { data: { stage: 'request', requestId: 'r' }, type: 'passkey' },
  'chats.upsert': { data: [{ id: PN, name: 'Maria Example' }], type: 'chats' },
  'chats.update': { data: [{ id: PN, unreadCount: 0 }], type: 'chats' },
  'chats.delete': { data: [PN], type: 'chats' },
  'contacts.upsert': { data: [{ jid: PN, name: 'Maria Example' }], type: 'contacts' },
  'contacts.update': { data: [{ id: PN, imgUrl: 'changed' }], type: 'contacts' },
  'groups.upsert': { data: [{ jid: GROUP, subject: 'Example group' }], type: 'groups' },
  'groups.update': { data: [{ jid: GROUP, announce: true }], type: 'groups' },
  'group-participants.update': {
    data: { jid: GROUP, participants: [PN], action: 'add' },
    type: 'participants',
  },
  'group.join-request': {
    data: { id: GROUP, participant: PN, action: 'created', method: 'invite_link' },
    type: 'participants',
  },
  'webhook.test': { data: {}, type: 'test' },
}

const sample = fc.constantFrom(...Object.entries(SAMPLES))
const secret = fc.stringMatching(/^[0-9a-f]{64}$/)

describe('every event', () => {
  it('has a sample here', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual([...wasenderEventNames].sort())
  })

  it.each(Object.entries(SAMPLES))('%s is understood', (event, { data, type }) => {
    const timestamp = 1_784_402_766_013
    const parsed = parseWasenderWebhook({ event, timestamp, sessionId: 'KEY', data })
    expect(parsed).toMatchObject({ event, at: timestamp, events: [{ type }] })
    expect(parsed.events).toHaveLength(1)
  })
})

/** The same JSON with unknown fields in every object. `message` and `reaction` nodes count as content. */
function withExtras(value: unknown, extra: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((entry) => withExtras(entry, extra))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, entry]) =>
    name === 'message' && !Object.hasOwn(Object(entry), 'key')
      ? [name, entry]
      : [name, withExtras(entry, extra)],
  )
  return { ...extra, ...Object.fromEntries(entries) }
}

describe('the canonical event', () => {
  it('does not change with unknown fields, whatever they hold', () => {
    const extra = fc.dictionary(fc.stringMatching(/^x[a-z]{1,8}$/), fc.jsonValue())
    fc.assert(
      fc.property(sample, extra, ([event, { data }], fields) => {
        const plain = parseWasenderWebhook({ event, data })
        const body = withExtras({ event, data, version: 2 }, fields)
        expect(parseWasenderWebhook(body)).toEqual(plain)
      }),
    )
  })

  it('does not change with the list around data', () => {
    fc.assert(
      fc.property(sample, ([event, { data }]) => {
        const wrapped = Array.isArray(data) && data.length === 1 ? data[0] : [data]
        expect(parseWasenderWebhook({ event, data: wrapped })).toEqual(
          parseWasenderWebhook({ event, data }),
        )
      }),
    )
  })

  it('does not change with the list around messages', () => {
    const names = wasenderEventNames.filter((name) =>
      /^messages(-\w+)?\.(upsert|received)$/.test(name),
    )
    for (const event of names) {
      const { data } = SAMPLES[event] as { data: { messages: unknown } }
      const expected = parseWasenderWebhook({ event, data })
      const wrapped = { messages: [data.messages] }
      expect(parseWasenderWebhook({ event, data: wrapped })).toEqual(expected)
    }
  })

  it('does not change with the spelling of a time', () => {
    const seconds = fc.integer({ min: 1_500_000_000, max: 2_100_000_000 })
    fc.assert(
      fc.property(seconds, (time) => {
        const long = (value: number) => ({ low: value | 0, high: Math.floor(value / 2 ** 32) })
        const spellings = [
          time,
          time * 1000,
          `${time}`,
          `${time * 1000}`,
          long(time),
          long(time * 1000),
        ]
        for (const spelling of spellings) {
          const data = { messages: { ...message, messageTimestamp: spelling } }
          const parsed = parseWasenderWebhook({
            event: 'messages.upsert',
            timestamp: spelling,
            data,
          })
          expect(parsed).toMatchObject({ at: time * 1000, events: [{ at: time * 1000 }] })
        }
      }),
    )
  })

  it('is the same message under every name it is delivered by', () => {
    const names = ['messages.upsert', 'messages.received', 'messages-personal.received']
    const events = names.map((event) => {
      const [first] = parseWasenderWebhook({ event, data: { messages: message } }).events
      return { ...first, via: '' }
    })
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1)
  })

  it.each([
    ['message.received', 'messages.received'],
    ['messages.sent', 'message.sent'],
    ['messages.status', 'messages.update'],
    ['connection.update', 'session.status'],
  ])('is read under the name %s as %s', (other, event) => {
    const { data } = SAMPLES[event] as { data: unknown }
    expect(parseWasenderWebhook({ event: other, data })).toEqual(
      parseWasenderWebhook({ event, data }),
    )
  })

  it('has the message node as it came', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (node) => {
        const data = { messages: { key, message: node } }
        const [event] = parseWasenderWebhook({ event: 'messages.upsert', data }).events
        expect(event).toHaveProperty('message')
        expect(event?.type === 'message' && event.message).toEqual(node)
      }),
    )
  })
})

describe('a body that is not understood', () => {
  it.each([
    ['null', null],
    ['a string', 'messages.upsert'],
    ['a list', [{ event: 'messages.upsert' }]],
    ['no name', { data: {} }],
    ['a name that is none', { event: { name: 'x' } }],
    ['a text for a name', { event: 'call me at 15550001111' }],
    ['a number for a name', { event: '12025550143' }],
    ['a name with a number in it', { event: 'call.12025550143' }],
    ['an endless name', { event: 'x'.repeat(65) }],
  ])('%s has no name', (_name, body) => {
    expect(parseWasenderWebhook(body)).toEqual({
      event: 'unnamed',
      events: [{ type: 'unknown', event: 'unnamed', reason: 'body without an event name' }],
    })
  })

  it.each(['messages.pinned', 'constructor', '__proto__', 'toString'])('%s is unknown', (event) => {
    expect(parseWasenderWebhook({ event, data: {} }).events).toEqual([
      { type: 'unknown', event, reason: 'event of an unknown name' },
    ])
  })

  it('never repeats its content in the reason', () => {
    const reasons = new Set<string>()
    const word = fc.stringMatching(/^zq[a-z]{8}$/)
    const anywhere = fc.tuple(fc.constantFrom(...wasenderEventNames), word, fc.jsonValue())
    fc.assert(
      fc.property(anywhere, ([event, planted, json]) => {
        for (const data of [planted, [planted], { messages: planted }, { key: planted }, json]) {
          for (const found of parseWasenderWebhook({ event, data }).events) {
            if (found.type === 'unknown') reasons.add(found.reason)
            if (found.type === 'unknown') expect(found.reason).not.toContain(planted)
          }
        }
      }),
    )
    expect(reasons.size).toBeGreaterThan(3)
  })
})

/** JSON that looks enough like a webhook to get past the first checks, with odd values anywhere. */
const field = fc.constantFrom(
  ...['key', 'id', 'remoteJid', 'fromMe', 'messages', 'message', 'update', 'status', 'receipt'],
  ...['reaction', 'keys', 'all', 'jid', 'call', 'from', 'chats', 'participants', 'action', 'text'],
  ...['pollResult', 'voters', 'name', 'editedMessage', 'error', 'success', 'lid', 'imgUrl'],
  ...['messageStubType', 'messageTimestamp', 'protocolMessage', '__proto__', 'constructor'],
)
const leaf = fc.oneof(
  fc.constantFrom(null, true, 0, 1, 3, PN, LID, GROUP, 'add', '', 'status@broadcast', '1784402765'),
  fc.jsonValue({ maxDepth: 1 }),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(field, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

/** Puts the secret into every object of a body, as WasenderAPI and the SDK spell it. */
function plant(value: unknown, apiKey: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => plant(entry, apiKey))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, entry]) => [name, plant(entry, apiKey)])
  return { sessionId: apiKey, ...Object.fromEntries(entries), session_id: apiKey }
}

describe('any JSON', () => {
  const name = fc.constantFrom(...wasenderEventNames, 'messages.pinned')

  it('is read without an error and without the API key', () => {
    fc.assert(
      fc.property(name, tree, secret, fc.jsonValue(), (event, data, apiKey, timestamp) => {
        const body = plant({ event, data, timestamp }, apiKey)
        const parsed = parseWasenderWebhook(JSON.parse(JSON.stringify(body)))
        expect(JSON.stringify(parsed)).not.toContain(apiKey)
        expect(parsed.event).toBe(event)
      }),
      { numRuns: 3000 },
    )
  })

  it('of no particular shape is read too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), secret, (json, apiKey) => {
        const parsed = parseWasenderWebhook(plant(json, apiKey))
        expect(parsed.events.length).toBeGreaterThanOrEqual(1)
        expect(JSON.stringify(parsed)).not.toContain(apiKey)
      }),
    )
  })

  it('may be nested without end', () => {
    const depth = 50_000
    const data: unknown = JSON.parse(`${'{"messages":['.repeat(depth)}${']}'.repeat(depth)}`)
    const { events } = parseWasenderWebhook({ event: 'messages.upsert', data })
    expect(events).toMatchObject([{ type: 'unknown' }])
  })

  it('may be a list of any length', () => {
    const data = { messages: Array.from({ length: 200_000 }, () => 0) }
    expect(parseWasenderWebhook({ event: 'messages.upsert', data }).events).toHaveLength(200_000)
  })
})

describe('the API key', () => {
  it('does not come through in a message or an unknown field that keeps its content', () => {
    fc.assert(
      fc.property(sample, secret, ([event, { data }], apiKey) => {
        const parsed = parseWasenderWebhook(plant({ event, data }, apiKey))
        expect(JSON.stringify(parsed)).not.toContain(apiKey)
        expect(parsed).toEqual(parseWasenderWebhook({ event, data }))
      }),
    )
  })
})
