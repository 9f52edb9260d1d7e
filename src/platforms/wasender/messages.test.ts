import fc from 'fast-check'
import nock from 'nock'
import { describe, expect, it } from 'vitest'
import {
  OutcomeUnknownError,
  PermanentError,
  RateLimitedError,
  SessionDownError,
  TransientError,
} from '../../kernel/errors.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import { failure, gateway, KEY_ID, MSG_ID, testClient } from './fixtures.ts'
import type { OutgoingMessage } from './outgoing-message.ts'

useNock()

const to = '+15550001111'
const url = 'https://wasenderapi.com/media/a.bin'
const accepted = { success: true, data: { msgId: 100000, jid: to, status: 'in_progress' } }
const hello: OutgoingMessage = { to, kind: 'text', text: 'Hello' }

const CASES: [OutgoingMessage, Record<string, unknown>][] = [
  [hello, { text: 'Hello' }],
  [
    { to, kind: 'image', url, caption: 'Look' },
    { imageUrl: url, text: 'Look' },
  ],
  [
    { to, kind: 'image', url, viewOnce: true },
    { imageUrl: url, viewOnce: true },
  ],
  [
    { to, kind: 'video', url, caption: 'Look' },
    { videoUrl: url, text: 'Look' },
  ],
  [
    { to, kind: 'document', url, fileName: 'a.pdf', caption: 'Read' },
    { documentUrl: url, fileName: 'a.pdf', text: 'Read' },
  ],
  [{ to, kind: 'audio', url }, { audioUrl: url }],
  [{ to, kind: 'sticker', url }, { stickerUrl: url }],
  [
    { to, kind: 'contact', name: 'Maria Example', phone: to },
    { contact: { name: 'Maria Example', phone: to } },
  ],
  [
    { to, kind: 'location', latitude: 52.52, longitude: 13.4, name: 'Here' },
    { location: { latitude: 52.52, longitude: 13.4, name: 'Here' } },
  ],
  [
    { to, kind: 'poll', question: 'When?', options: ['Now', 'Later'], multiSelect: true },
    { poll: { question: 'When?', options: ['Now', 'Later'], multiSelect: true } },
  ],
  [
    { to, kind: 'text', text: '@15550001111', replyTo: MSG_ID, mentions: ['1@s.whatsapp.net'] },
    { text: '@15550001111', replyTo: MSG_ID, mentions: ['1@s.whatsapp.net'] },
  ],
]

describe('messages.send', () => {
  it.each(CASES)('writes %j', async (message, fields) => {
    gateway()
      .post('/send-message', (body) => {
        expect(body).toEqual({ to, ...fields })
        return true
      })
      .reply(200, accepted)
    expect(await testClient().messages.send(message)).toEqual({ msgId: MSG_ID })
  })

  it.each([
    ['as documented', accepted],
    ['msgId as a string', { success: true, data: { msgId: '100000' } }],
    ['without success', { data: { msgId: 100000 } }],
    ['without data', { success: true, msgId: 100000 }],
    ['with success as a number', { success: 1, data: { msgId: 100000, extra: [{}] } }],
  ])('reads the answer %s', async (_, body) => {
    gateway().post('/send-message').reply(200, body)
    expect(await testClient().messages.send(hello)).toEqual({ msgId: MSG_ID })
  })

  it.each([
    ['a page', '<html></html>'],
    ['cut-off JSON', '{"success": tr'],
    ['nothing', ''],
    ['no id', { success: true, data: { jid: to } }],
    ['a bad id', { success: true, data: { msgId: 'soon' } }],
    ['only a message, as the SDK claims', { success: true, message: 'Message sent' }],
  ])('is of unknown outcome when a 200 holds %s', async (_, body) => {
    gateway().post('/send-message').reply(200, body)
    const error = await failure(testClient().messages.send(hello))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error).toMatchObject({ code: 'wasender.unreadable_answer' })
  })

  it('is refused by success false, whatever the status says', async () => {
    gateway().post('/send-message').reply(200, { success: false, error: 'No' })
    expect(await failure(testClient().messages.send(hello))).toBeInstanceOf(PermanentError)
  })

  it('takes the time of a 429 from the injected clock', async () => {
    gateway()
      .post('/send-message')
      .reply(429, { message: 'Slow' }, { 'X-RateLimit-Reset': '2000000010' })
    const client = testClient({ clock: { now: () => 2_000_000_000_000 } })
    const error = await failure(client.messages.send(hello))
    expect(error).toBeInstanceOf(RateLimitedError)
    expect(error).toMatchObject({ waitMs: 10_000 })
  })

  it('asks once: nothing here retries', async () => {
    gateway().post('/send-message').once().reply(502, '<html></html>')
    gateway().post('/send-message').optionally().reply(200, accepted)
    expect(await failure(testClient().messages.send(hello))).toBeInstanceOf(OutcomeUnknownError)
    nock.cleanAll()
  })

  it('reads every mutation of the answer that keeps the id', async () => {
    const id = fc.nat(2_000_000_000)
    await fc.assert(
      fc.asyncProperty(
        id,
        fc.boolean(),
        fc.boolean(),
        fc.dictionary(fc.stringMatching(/^x_[a-z]{1,5}$/), fc.jsonValue(), { maxKeys: 4 }),
        fc.constantFrom({ success: true }, { success: 1 }, {}),
        async (msgId, asText, nested, extra, success) => {
          const fields = { ...extra, msgId: asText ? String(msgId) : msgId }
          const body = nested ? { ...success, ...extra, data: fields } : { ...success, ...fields }
          gateway().post('/send-message').reply(200, body)
          expect(await testClient().messages.send(hello)).toEqual({ msgId })
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('messages.info', () => {
  const key = { id: KEY_ID, fromMe: true, remoteJid: '15550001111@s.whatsapp.net' }
  const data = {
    remoteJid: key.remoteJid,
    id: KEY_ID,
    msgId: 100000,
    key,
    message: { extendedTextMessage: { text: 'Hello from the API' } },
    messageTimestamp: '1784402765',
    status: 3,
  }
  const full = {
    keyId: KEY_ID,
    msgId: MSG_ID,
    remoteJid: key.remoteJid,
    status: 3,
    at: 1_784_402_765_000,
  }

  it.each([
    ['as documented', data, full],
    ['with numbers as strings', { ...data, msgId: '100000', status: '3' }, full],
    ['with a status by name', { ...data, status: 'DELIVERED' }, full],
    ['with a number as time', { ...data, messageTimestamp: 1_784_402_765 }, full],
    ['without key', { ...data, key: undefined }, full],
    ['without id', { ...data, id: null }, full],
    ['with a strange status', { ...data, status: { a: 1 } }, { ...full, status: undefined }],
    ['only the key', { key: { id: KEY_ID } }, { keyId: KEY_ID }],
  ])('reads it %s', async (_, body, expected) => {
    gateway().get('/messages/100000/info').reply(200, { success: true, data: body })
    expect(await testClient().messages.info(MSG_ID)).toEqual(expected)
  })

  it.each([
    [404, { success: false, error: 'Message not found' }],
    [404, '<html></html>'],
    [400, { success: false, message: 'Message not found.' }],
    [200, { success: false, error: 'Message not found' }],
    [200, { success: true, data: { msgId: 100000, key: { id: '' }, id: null } }],
  ])('is undefined while not found: %i %j', async (status, body) => {
    gateway().get('/messages/100000/info').reply(status, body)
    expect(await testClient().messages.info(MSG_ID)).toBeUndefined()
  })

  it('is an error, not a missing message, while the session is down', async () => {
    const down = { success: false, message: 'Your Whatsapp Session is not connected' }
    gateway().get('/messages/100000/info').reply(404, down)
    expect(await failure(testClient().messages.info(MSG_ID))).toBeInstanceOf(SessionDownError)
  })

  it.each([
    [500, ''],
    [200, '<html></html>'],
  ])('is transient after %i %j', async (status, body) => {
    gateway().get('/messages/100000/info').reply(status, body)
    expect(await failure(testClient().messages.info(MSG_ID))).toBeInstanceOf(TransientError)
  })
})

describe('messages.edit, remove, resend and markRead', () => {
  it('use the documented routes', async () => {
    const { messages } = testClient()
    gateway().put('/messages/100000', { text: 'Better' }).reply(200, { success: true, data: {} })
    await messages.edit(MSG_ID, 'Better')
    gateway().delete('/messages/100000', '').reply(200, { success: true, message: 'Deleted.' })
    await messages.remove(MSG_ID)
    gateway().post('/messages/100000/resend').reply(200, { success: true, message: 'Initiated.' })
    await messages.resend(MSG_ID)
    const read = { id: KEY_ID, remoteJid: '189975000000001@lid', fromMe: false }
    gateway().post('/messages/read', { key: read }).reply(200, { success: true, data: {} })
    await messages.markRead(read)
  })

  it('lose an answer differently: a resend may have happened, an edit may be repeated', async () => {
    const { messages } = testClient()
    gateway().post('/messages/100000/resend').reply(504, '')
    expect(await failure(messages.resend(MSG_ID))).toBeInstanceOf(OutcomeUnknownError)
    gateway().put('/messages/100000').reply(504, '')
    expect(await failure(messages.edit(MSG_ID, 'x'))).toBeInstanceOf(TransientError)
    gateway().delete('/messages/100000').reply(200, '<html>Dashboard</html>')
    expect(await failure(messages.remove(MSG_ID))).toBeInstanceOf(TransientError)
  })
})
