import type nock from 'nock'
import { describe, expect, it } from 'vitest'
import { OutcomeUnknownError, PermanentError, RateLimitedError } from '../../kernel/errors.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import type { WasenderClientOptions } from './client.ts'
import { failure, gateway, MSG_ID, testClient } from './fixtures.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { RouteStyle } from './routes.ts'

useNock()

const to = '+15550001111'
const url = 'https://wasenderapi.com/media/a.bin'
const accepted = { success: true, data: { msgId: 100000, jid: to, status: 'in_progress' } }
const hello: OutgoingMessage = { to, kind: 'text', text: 'Hello' }
const noRoute = { message: 'The route could not be found.' }
const noMessage = { success: false, error: 'Message not found' }

/** A client that finds out for itself, and what it told about it. */
function autoClient(options: Partial<WasenderClientOptions> = {}) {
  const told: RouteStyle[] = []
  const client = testClient({
    routes: 'auto',
    onRoutes: (routes) => void told.push(routes),
    ...options,
  })
  return { told, messages: client.messages }
}

describe('per-type routes', () => {
  const { messages } = testClient({ routes: 'per-type' })

  it.each<[string, OutgoingMessage, Record<string, unknown>]>([
    ['send-text', hello, { text: 'Hello' }],
    ['send-image', { to, kind: 'image', url, caption: 'A' }, { imageUrl: url, text: 'A' }],
    ['send-video', { to, kind: 'video', url }, { videoUrl: url }],
    [
      'send-document',
      { to, kind: 'document', url, fileName: 'a.pdf' },
      { documentUrl: url, fileName: 'a.pdf' },
    ],
    ['send-audio', { to, kind: 'audio', url }, { audioUrl: url }],
    ['send-image', { to, kind: 'sticker', url }, { imageUrl: url }],
    [
      'send-contact',
      { to, kind: 'contact', name: 'A', phone: to },
      { contact: { name: 'A', phone: to } },
    ],
    [
      'send-location',
      { to, kind: 'location', latitude: 1, longitude: 2 },
      { location: { latitude: 1, longitude: 2 } },
    ],
    [
      'send-poll',
      { to, kind: 'poll', question: 'A', options: ['B', 'C'] },
      { poll: { question: 'A', options: ['B', 'C'] } },
    ],
    ['send-quoted', { ...hello, replyTo: MSG_ID }, { text: 'Hello', replyTo: MSG_ID }],
    [
      'send-quoted',
      { to, kind: 'image', url, replyTo: MSG_ID },
      { imageUrl: url, replyTo: MSG_ID },
    ],
  ])('%s takes %j', async (route, message, fields) => {
    gateway()
      .post(`/${route}`, { to, ...fields } as nock.DataMatcherMap)
      .reply(200, accepted)
    expect(await messages.send(message)).toEqual({ msgId: MSG_ID })
  })

  it('have their own edit and delete', async () => {
    gateway().post('/edit-message', { msgId: 100000, text: 'x' }).reply(200, { success: true })
    await messages.edit(MSG_ID, 'x')
    gateway().delete('/delete-message', { msgId: 100000 }).reply(200, { success: true })
    await messages.remove(MSG_ID)
  })
})

describe('routes: auto', () => {
  it.each([
    [404, noRoute],
    [404, noMessage],
    [404, '<html></html>'],
    [405, ''],
  ])('switches after a %i %j, once, and stays', async (status, body) => {
    const { messages, told } = autoClient()
    gateway().post('/send-message').reply(status, body)
    gateway().post('/send-text').twice().reply(200, accepted)
    expect(await messages.send(hello)).toEqual({ msgId: MSG_ID })
    await messages.send(hello)
    expect(told).toEqual(['per-type'])
  })

  it('throws the first error and stays when both are missing', async () => {
    const { messages, told } = autoClient()
    gateway().post('/send-message').reply(404, noMessage)
    gateway().post('/send-text').reply(405, '')
    const error = await failure(messages.send(hello))
    expect(error).toMatchObject({ code: 'wasender.not_found' })
    gateway().post('/send-message').reply(200, accepted)
    await messages.send(hello)
    expect(told).toEqual([])
  })

  it.each([400, 401, 422, 429, 500, 502])('does not look further after a %i', async (status) => {
    const { messages, told } = autoClient()
    gateway().post('/send-message').reply(status, { success: false, error: 'No' })
    await failure(messages.send(hello))
    expect(told).toEqual([])
  })

  it('stays with a spelling that refuses with good reason', async () => {
    const { messages, told } = autoClient()
    gateway().post('/send-message').reply(404, noRoute)
    gateway().post('/send-text').reply(429, { message: 'Slow', retry_after: 5 })
    expect(await failure(messages.send(hello))).toBeInstanceOf(RateLimitedError)
    expect(told).toEqual(['per-type'])
  })

  it('learns nothing from a breakdown, and does not hide that it may have sent', async () => {
    const { messages, told } = autoClient()
    gateway().post('/send-message').reply(404, noRoute)
    gateway().post('/send-text').reply(502, '<html></html>')
    expect(await failure(messages.send(hello))).toBeInstanceOf(OutcomeUnknownError)
    expect(told).toEqual([])
  })

  it('tells once when two messages find out together', async () => {
    const { messages, told } = autoClient()
    gateway().post('/send-message').twice().reply(404, noRoute)
    gateway().post('/send-text').twice().reply(200, accepted)
    await Promise.all([messages.send(hello), messages.send(hello)])
    expect(told).toEqual(['per-type'])
  })

  it('starts with what is remembered, and finds back when that is gone', async () => {
    const { messages, told } = autoClient({ rememberedRoutes: 'per-type' })
    gateway().post('/send-text').reply(200, accepted)
    await messages.send(hello)
    gateway().post('/send-text').reply(404, noRoute)
    gateway().post('/send-message').reply(200, accepted)
    await messages.send(hello)
    expect(told).toEqual(['unified'])
  })

  it('takes a 404 of an edit or delete for the message unless it is about the route', async () => {
    const { messages, told } = autoClient()
    gateway().put('/messages/100000').reply(404, noMessage)
    expect(await failure(messages.edit(MSG_ID, 'x'))).toBeInstanceOf(PermanentError)
    gateway().delete('/messages/100000').reply(404, noMessage)
    expect(await failure(messages.remove(MSG_ID))).toBeInstanceOf(PermanentError)
    expect(told).toEqual([])
    gateway().put('/messages/100000').reply(404, noRoute)
    gateway().post('/edit-message').reply(200, { success: true })
    await messages.edit(MSG_ID, 'x')
    expect(told).toEqual(['per-type'])
  })

  it('switches by a delete that finds the route but not the message', async () => {
    const { messages, told } = autoClient()
    gateway().delete('/messages/100000').reply(405, '')
    gateway().delete('/delete-message').reply(404, noMessage)
    expect(await failure(messages.remove(MSG_ID))).toMatchObject({ code: 'wasender.not_found' })
    expect(told).toEqual(['per-type'])
  })
})

describe('fixed routes', () => {
  it.each<[RouteStyle, string]>([
    ['unified', '/send-message'],
    ['per-type', '/send-text'],
  ])('%s never tries the other', async (routes, route) => {
    gateway().post(route).reply(404, noRoute)
    const error = await failure(testClient({ routes }).messages.send(hello))
    expect(error).toMatchObject({ code: 'wasender.no_route' })
  })
})
