import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type ChatwootStandIn,
  type ChatwootStandInOptions,
  startChatwootStandIn,
} from './server.ts'
import { clientOf, startConversation, startReceiver } from './test-support.ts'

let receiver: Awaited<ReturnType<typeof startReceiver>>
let standIn: ChatwootStandIn
let conversationId: number

async function start(options: ChatwootStandInOptions = {}) {
  standIn = await startChatwootStandIn({
    inboxes: [{ name: 'Sales', webhookUrl: receiver.url }],
    ...options,
  })
  conversationId = (await startConversation(standIn)).conversationId
  await standIn.settled()
  receiver.received.splice(0)
}

beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  await standIn.close()
  await receiver.close()
})

test('signed over timestamp and raw bytes, with Rails escaping', async () => {
  await start()
  await standIn.agent().reply(conversationId, 'a <b> & c')
  await standIn.settled()
  const { headers, raw } = receiver.received[0]!
  const signed = `${headers['x-chatwoot-timestamp']}.${raw}`
  const hmac = createHmac('sha256', standIn.inboxes()[0]!.secret).update(signed).digest('hex')
  expect(headers['x-chatwoot-signature']).toBe(`sha256=${hmac}`)
  expect(headers['x-chatwoot-delivery']).toMatch(/^[0-9a-f-]{36}$/)
  expect(raw).toContain(String.raw`a \u003cb\u003e \u0026 c`)
})

test.each([
  ['4.12.1', true, false],
  ['4.11.0', false, false],
  ['4.13.0', true, true],
])('headers of %s', async (version, delivery, signature) => {
  await start({ version })
  await standIn.agent().reply(conversationId, 'a')
  await standIn.settled()
  const { headers } = receiver.received[0]!
  expect('x-chatwoot-delivery' in headers).toBe(delivery)
  expect('x-chatwoot-signature' in headers).toBe(signature)
})

test.each([
  ['4.8.0', 'one\ntwo', undefined],
  ['4.9.0', 'one\\\ntwo', undefined],
  ['4.13.0', 'one\ntwo', undefined],
  ['4.14.2', 'one\ntwo', { id: 1, name: 'Acme Support' }],
])('content and account key of %s', async (version, content, account) => {
  await start({ version })
  const message = await standIn.agent().reply(conversationId, 'one\ntwo')
  await standIn.settled()
  const { payload } = receiver.received.find(
    ({ payload: { event } }) => event === 'message_created',
  )!
  expect(payload.content).toBe(content)
  expect(payload.conversation.account).toEqual(account)
  expect(message.content).toBe(version === '4.8.0' ? 'one\ntwo' : 'one\\\ntwo')
})

test('the secret of a delivery is the one of its time', async () => {
  await start()
  const inbox = standIn.inboxes()[0]!
  const { body } = await clientOf(standIn)('POST', `inboxes/${inbox.id}/reset_secret`)
  expect(body.secret).not.toBe(inbox.secret)
  await standIn.agent().reply(conversationId, 'a')
  await standIn.settled()
  const { headers, raw } = receiver.received[0]!
  const signed = `${headers['x-chatwoot-timestamp']}.${raw}`
  const hmac = createHmac('sha256', body.secret).update(signed).digest('hex')
  expect(headers['x-chatwoot-signature']).toBe(`sha256=${hmac}`)
})

type Act = () => unknown
const agent = () => standIn.agent()
const api = (method: string, path: string, body?: object) =>
  clientOf(standIn)(method, `conversations/${conversationId}${path}`, body)
const lastId = () => standIn.allMessages().at(-1)!.id

test.each<[string, Act, string[]]>([
  [
    'incoming',
    () => api('POST', '/messages', { content: 'a', message_type: 'incoming' }),
    ['message_created'],
  ],
  [
    'first reply',
    () => agent().reply(conversationId, 'a'),
    ['conversation_updated', 'message_created'],
  ],
  ['note', () => agent().reply(conversationId, 'a', { private: true }), ['message_created']],
  ['activity', () => api('POST', '/messages', { content: 'a', message_type: 'activity' }), []],
  [
    'resolve',
    () => agent().resolve(conversationId),
    ['conversation_status_changed', 'conversation_updated'],
  ],
  ['labels', () => api('POST', '/labels', { labels: ['a'] }), ['conversation_updated']],
  ['typing', () => agent().type(conversationId), ['conversation_typing_on']],
  ['seen', () => api('POST', '/update_last_seen'), []],
  ['delete conversation', () => agent().deleteConversation(conversationId), []],
])('%s fires exactly its events', async (_, act, expected) => {
  await start()
  await act()
  await standIn.settled()
  expect(receiver.events().toSorted()).toEqual(expected)
})

test('changes of a message fire message_updated, retry fires it twice', async () => {
  await start()
  await agent().reply(conversationId, 'a', { private: false })
  await standIn.settled()
  const count = async (act: Act) => {
    receiver.received.splice(0)
    await act()
    await standIn.settled()
    return receiver.events()
  }
  const path = `/messages/${lastId()}`
  const updated = 'message_updated'
  expect(await count(() => api('PATCH', path, { status: 'delivered' }))).toEqual([updated])
  expect(await count(() => api('PATCH', path, { status: 'delivered' }))).toEqual([])
  expect(await count(() => api('PATCH', path, { status: 'failed', external_error: 'No' }))).toEqual(
    [updated],
  )
  expect(await count(() => agent().retry(lastId()))).toEqual([updated, updated])
  expect(await count(() => agent().deleteMessage(lastId()))).toEqual([updated])
})

test('reopening by an incoming message tells the status', async () => {
  await start()
  agent().resolve(conversationId)
  await standIn.settled()
  receiver.received.splice(0)
  await api('POST', '/messages', { content: 'a', message_type: 'incoming' })
  await standIn.settled()
  expect(receiver.events().toSorted()).toEqual([
    'conversation_status_changed',
    'conversation_updated',
    'conversation_updated',
    'message_created',
  ])
  const update = receiver.received.find(({ payload }) => payload.event === 'conversation_updated')!
  expect(update.payload.changed_attributes[0]).toEqual({
    status: { previous_value: 'resolved', current_value: 'open' },
  })
})

test('an audio file brings an extra message_updated', async () => {
  await start()
  await agent().reply(conversationId, null, {
    attachments: [{ filename: 'a.mp3', contentType: 'audio/mpeg', bytes: Buffer.from('x') }],
  })
  await standIn.settled()
  expect(receiver.events()).toContain('message_updated')
})

test('payloads show the state of their delivery', async () => {
  await start({ webhookFaults: { delayMs: 30 } })
  const { id } = await agent().reply(conversationId, 'a')
  agent().deleteMessage(id)
  await standIn.settled()
  const created = receiver.received.find(({ payload }) => payload.event === 'message_created')!
  expect(created.payload.content_attributes).toEqual({ deleted: true })
})

test('events of vanished records are dropped silently', async () => {
  await start({ webhookFaults: { delayMs: 20 } })
  await agent().reply(conversationId, 'a')
  agent().deleteConversation(conversationId)
  await standIn.settled()
  expect(receiver.received).toEqual([])
})

test.each([
  [500, '500 Internal Server Error'],
  [401, '401 Unauthorized'],
])('an answer %d fails the message, and its echo changes nothing more', async (status, error) => {
  await start()
  receiver.behaviour.status = status
  const { id } = await agent().reply(conversationId, 'a')
  await standIn.settled()
  const message = standIn.allMessages().find((row) => row.id === id)!
  expect(message.status).toBe('failed')
  expect(message.contentAttributes.external_error).toBe(error)
  expect(receiver.events().filter((event) => event === 'message_updated')).toHaveLength(1)
})

test('incoming messages and notes are painted red as well', async () => {
  await start()
  receiver.behaviour.status = 404
  await api('POST', '/messages', { content: 'a', message_type: 'incoming' })
  await agent().reply(conversationId, 'a', { private: true })
  await standIn.settled()
  expect(standIn.messages(conversationId).map(({ status }) => status)).toEqual(['failed', 'failed'])
})

test.each([
  ['4.16.2', 'Net::ReadTimeout with #<TCPSocket:(closed)>'],
  ['4.13.0', 'Timed out reading data from server'],
])('%s gives up after the timeout and does not try again', async (version, error) => {
  await start({ webhookTimeoutMs: 60, version })
  receiver.behaviour.status = null
  await agent().reply(conversationId, 'a')
  await standIn.waitFor(() => standIn.allMessages()[0]?.status === 'failed')
  expect(standIn.allMessages()[0]?.contentAttributes.external_error).toBe(error)
  expect(receiver.events().filter((event) => event === 'message_created')).toHaveLength(1)
})

test('a dead receiver is named', async () => {
  await start()
  const inbox = standIn.inboxes()[0]!
  standIn.updateInbox(inbox.id, { webhookUrl: 'http://127.0.0.1:9/hook' })
  await agent().reply(conversationId, 'a')
  await standIn.settled()
  expect(standIn.webhookLog.at(-1)).toMatchObject({
    outcome: 'failed',
    url: 'http://127.0.0.1:9/hook',
  })
  expect(standIn.allMessages()[0]?.status).toBe('failed')
})

test('an address that is none fails too', async () => {
  await start()
  standIn.updateInbox(standIn.inboxes()[0]!.id, { webhookUrl: 'nowhere' })
  await agent().reply(conversationId, 'a')
  await standIn.settled()
  expect(standIn.allMessages()[0]?.contentAttributes.external_error).toBe('bad URI')
})

test.each([
  ['4.14.0', 'sent'],
  ['4.13.0', 'failed'],
])('%s and a redirect: %s', async (version, status) => {
  await start({ version })
  receiver.behaviour.status = 307
  receiver.behaviour.location = '/moved'
  await agent().reply(conversationId, 'a')
  await standIn.settled()
  expect(standIn.allMessages()[0]?.status).toBe(status)
})

test('account webhooks get what they subscribed to, with their own secret', async () => {
  await start({ inboxes: [{ name: 'Silent' }] })
  const { body } = await clientOf(standIn)('POST', 'webhooks', {
    webhook: {
      url: receiver.url,
      name: 'x',
      subscriptions: ['contact_created', 'contact_updated'],
    },
  })
  await startConversation(standIn, { phone: '+15550001111', source: 'two' })
  await api('POST', '/messages', { content: 'a', message_type: 'incoming' })
  await standIn.settled()
  expect(receiver.events()).toEqual(['contact_created', 'contact_updated'])
  const { headers, raw, payload } = receiver.received[1]!
  const signed = `${headers['x-chatwoot-timestamp']}.${raw}`
  const hmac = createHmac('sha256', body.payload.webhook.secret).update(signed).digest('hex')
  expect(headers['x-chatwoot-signature']).toBe(`sha256=${hmac}`)
  expect(payload.changed_attributes[0]).toHaveProperty('last_activity_at')
})

test('webhook faults: duplicates, losses and disorder', async () => {
  const disorder = async () => {
    await start({ seed: 7 })
    standIn.setWebhookFaults({ reorder: true, duplicate: true })
    for (let index = 0; index < 10; index += 1)
      await agent().reply(conversationId, `${index}`, { private: true })
    await standIn.settled()
    const order = receiver.received.map(({ payload }) => payload.content)
    await standIn.close()
    return order
  }
  const first = await disorder()
  expect(first).toHaveLength(20)
  expect(first).not.toEqual(first.toSorted())
  await start({ webhookFaults: { dropRate: 1 } })
  await agent().reply(conversationId, 'a')
  await standIn.settled()
  expect(receiver.received).toEqual([])
  expect(standIn.webhookLog.at(-1)?.outcome).toBe('dropped')
})

test('credentials in the address become basic auth', async () => {
  await start()
  const url = receiver.url.replace('http://', 'http://user:pass@')
  standIn.updateInbox(standIn.inboxes()[0]!.id, { webhookUrl: url })
  await agent().reply(conversationId, 'a')
  await standIn.settled()
  expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${btoa('user:pass')}`)
})

test.each([
  ['the greeting', 0, ['Welcome', 'Welcome']],
  ['the customer', 1, ['Hello', 'Welcome']],
])('a greeted message shows %s as the newest of its conversation', async (_who, early, newest) => {
  await start({ webhookFaults: { early } })
  const inbox = standIn.inboxes()[0]!.id
  const call = clientOf(standIn)
  const greeting = { greeting_enabled: true, greeting_message: 'Welcome' }
  await call('PATCH', `inboxes/${inbox}`, greeting)
  const body = { content: 'Hello', message_type: 'incoming' }
  await call('POST', `conversations/${conversationId}/messages`, body)
  await standIn.settled()
  const created = receiver.received.filter(({ payload }) => payload.event === 'message_created')
  expect(created.map(({ payload }) => payload.content).toSorted()).toEqual(['Hello', 'Welcome'])
  const shown = created
    .toSorted((one, other) => one.payload.id - other.payload.id)
    .map(({ payload }) => payload.conversation.messages[0].content)
  expect(shown).toEqual(newest)
})
