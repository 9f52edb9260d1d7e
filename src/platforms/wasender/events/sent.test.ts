import { describe, expect, it } from 'vitest'
import { readSent } from './messages.ts'

const key = { id: 'ABC', fromMe: true, remoteJid: '+15550001111' }
const message = { conversation: 'Hello' }
const read = (data: unknown) => readSent(data, 'message.sent')
const failed = (error: unknown, more: object = {}) => read({ success: false, error, ...more })

describe('a sent message', () => {
  it.each([
    ['flat', { key, message, success: true }],
    ['below messages', { messages: { key, message }, success: true }],
    ['in a list', { messages: [{ key, message }] }],
    ['as the list itself', [{ key, message, success: true }]],
    ['without success', { key, message }],
    ['without success, with an empty error', { key, message, error: null }],
  ])('%s', (_name, data) => {
    expect(read(data)).toMatchObject([
      { type: 'sent', key: { id: 'ABC', phone: '15550001111', fromMe: true }, message },
    ])
  })

  it.each([
    ['beside the key', { key, msgId: 58224349 }],
    ['in the key', { key: { ...key, msgId: 58224349 } }],
    ['as a string', { key, msgId: '58224349' }],
    ['beside the wrapper', { messages: { key }, msgId: 58224349 }],
    ['inside of the wrapper', { messages: [{ key, msgId: 58224349 }] }],
  ])('takes msgId %s', (_name, data) => {
    expect(read(data)).toMatchObject([{ type: 'sent', key: { msgId: 58224349 } }])
  })

  it('does not give one msgId to several messages', () => {
    const events = read({ messages: [{ key }, { key: { ...key, id: 'DEF' } }], msgId: 58224349 })
    expect(events).toHaveLength(2)
    for (const event of events) expect(event).not.toHaveProperty('key.msgId')
  })

  it.each([[{}], [{ success: true }], [null], ['x'], [{ messages: 7 }]])('is not %j', (data) => {
    expect(read(data)).toMatchObject([{ type: 'unknown' }])
  })
})

describe('a failed send', () => {
  it.each([
    [
      'Failed to send message: Invalid number JID: +123456787',
      { kind: 'phone', digits: '123456787' },
    ],
    ['Invalid number JID: 123456787@s.whatsapp.net.', { kind: 'phone', digits: '123456787' }],
    ['123456787: no such user', { kind: 'phone', digits: '123456787' }],
    ['Error 1633456789 for +123456787', { kind: 'phone', digits: '123456787' }],
    ['no session for 189975000000001@lid', { kind: 'lid', id: '189975000000001' }],
    ['not in group 120363000000000001@g.us', { kind: 'group', id: '120363000000000001' }],
    ['not in group 15550001111-1633456890@g.us', { kind: 'group', id: '15550001111-1633456890' }],
  ])('finds the recipient in %j', (error, to) => {
    expect(failed(error)).toMatchObject([{ type: 'send-failed', to }])
  })

  it.each(['Timed out after 30 s', '', undefined, null, 500])('has none in %j', (error) => {
    const [event] = failed(error)
    expect(event).toMatchObject({ type: 'send-failed', reason: 'unspecified' })
    expect(event).not.toHaveProperty('to')
  })

  it('keeps the text out, but says what it means', () => {
    const [event] = failed('Failed to send message: Invalid number JID: +123456787')
    expect(event).toMatchObject({ reason: 'invalid-number' })
    expect(JSON.stringify(event)).not.toContain('Failed')
  })

  it('says what WhatsApp means by it, and else what the gateway says, masked', () => {
    expect(failed('JID does not exist on WhatsApp: +12025550101')).toMatchObject([
      { reason: 'invalid-number' },
    ])
    for (const error of ['Rejected (error 463)', { code: 463 }, { message: 'x', code: '463' }]) {
      expect(failed(error)).toMatchObject([{ reason: 'unspecified', errorCode: '463' }])
    }
    expect(failed('x', { code: 475 })).toMatchObject([{ errorCode: '475' }])
    const [event] = failed('No route to +12025550101 <b>now</b>')
    expect(event).toMatchObject({ words: expect.stringMatching(/^No route to .{1,3} now$/) })
  })

  it('is told by its error alone', () => {
    expect(read({ error: 'nope' })).toMatchObject([{ type: 'send-failed' }])
    expect(read({ messages: { success: false, error: 'nope' } })).toMatchObject([
      { type: 'send-failed' },
    ])
  })

  it('keeps the ids when there are some', () => {
    expect(failed('x', { key, msgId: 7 })).toMatchObject([
      { key: { id: 'ABC' }, msgId: 7, to: { kind: 'phone', digits: '15550001111' } },
    ])
  })

  it('reads an error that is an object', () => {
    expect(failed({ message: 'Invalid number JID: +123456787' })).toMatchObject([
      { to: { digits: '123456787' }, reason: 'invalid-number' },
    ])
  })

  it('is known again when it is repeated, if the webhook has a time', () => {
    const digests = (at?: number, ...errors: string[]) =>
      readSent(
        errors.map((error) => ({ success: false, error })),
        'message.sent',
        at,
      ).map((event) => ('digest' in event ? event.digest : undefined))
    const [one] = digests(1_000, 'No: +123456787')
    expect(one).toEqual(expect.any(String))
    expect(one).not.toContain('123456787')
    expect(digests(1_000, 'No: +123456787')).toEqual([one])
    expect(digests(2_000, 'No: +123456787')).not.toEqual([one])
    expect(digests(1_000, 'No: +123456788')).not.toEqual([one])
    expect(new Set(digests(1_000, 'No: +123456787', 'No: +123456787')).size).toBe(2)
    expect(digests(undefined, 'No: +123456787')).toEqual([undefined])
  })
})
