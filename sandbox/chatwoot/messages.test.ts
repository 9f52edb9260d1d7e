import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation, type TestAnswer, type TestClient } from './test-support.ts'

let standIn: ChatwootStandIn
let call: TestClient
let path: string
let conversationId: number
async function start(version = '4.16.2') {
  standIn = await startChatwootStandIn({ version })
  call = clientOf(standIn)
  conversationId = (await startConversation(standIn)).conversationId
  path = `conversations/${conversationId}/messages`
}
beforeEach(() => start())
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

const post = (body: object) => call('POST', path, body)
const patch = (id: number, body: object) => call('PATCH', `${path}/${id}`, body)

test('create answers 200 with the wire shape', async () => {
  const { status, body } = await post({
    content: 'Does it arrive tomorrow?',
    message_type: 'incoming',
    source_id: '3EB0',
    echo_id: 'e-1',
    external_created_at: 1,
    content_attributes: { any: 'key' },
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    content: 'Does it arrive tomorrow?',
    echo_id: 'e-1',
    conversation_id: conversationId,
    message_type: 0,
    status: 'sent',
    private: false,
    source_id: '3EB0',
    content_attributes: { any: 'key', external_created_at: 1 },
    sender: { type: 'contact', name: 'Maria Souza' },
  })
  expect(Number.isInteger(body.created_at)).toBe(true)
})

test('the sender of outgoing is the token owner or the named bot', async () => {
  expect((await post({ content: 'a' })).body.sender).toMatchObject({ name: 'WhatsApp Bridge' })
  const bot = await post({ content: 'a', sender_type: 'AgentBot', sender_id: 3 })
  expect(bot.body.sender).toMatchObject({ id: 3, type: 'agent_bot' })
})

test('posting twice stores two', async () => {
  const body = { content: 'same', message_type: 'incoming', source_id: 'same' }
  const [one, two] = [await post(body), await post(body)]
  expect(two.body.id).toBe(one.body.id + 1)
})

test.each([
  [
    { content: 'x'.repeat(150_001) },
    'Validation failed: Content is too long (maximum is 150000 characters)',
  ],
  [{ content: 'x', message_type: 'foo' }, "'foo' is not a valid message_type"],
])('refuses what is not valid', async (body, error) => {
  const answer = await post(body)
  expect([answer.status, answer.body]).toEqual([422, { error }])
})

test('the flood limit counts every type', async () => {
  for (let index = 0; index < 200; index += 1)
    await post({ content: 'x', message_type: index % 2 ? 'activity' : 'incoming' })
  expect((await post({ content: 'x' })).body).toEqual({
    error: 'Validation failed: Too many messages',
  })
})

test('Liquid runs on outgoing content only', async () => {
  const content = 'Hi {{contact.name}}{{x}} `{{x}}`'
  expect((await post({ content })).body.content).toBe('Hi Maria Souza `{{x}}`')
  expect((await post({ content, message_type: 'incoming' })).body.content).toBe(content)
})

test('quotes are resolved both ways and become null when nothing is found', async () => {
  const { body } = await post({ content: 'q', message_type: 'incoming', source_id: 'wa-1' })
  const both = { in_reply_to: body.id, in_reply_to_external_id: 'wa-1' }
  const quote = async (content_attributes: object) =>
    (await post({ content: 'a', content_attributes })).body.content_attributes
  expect(await quote({ in_reply_to: body.id })).toEqual(both)
  expect(await quote({ in_reply_to_external_id: 'wa-1' })).toEqual(both)
  expect(await quote({ in_reply_to: body.id, in_reply_to_external_id: 'other' })).toEqual(both)
  expect(await quote({ in_reply_to: 1 })).toEqual({
    in_reply_to: null,
    in_reply_to_external_id: null,
  })
})

test('a quote never reaches into another conversation', async () => {
  const { body } = await post({ content: 'q', message_type: 'incoming', source_id: 'wa-1' })
  const other = await startConversation(standIn, { phone: '+15550001111', source: 'two' })
  const answer = await call('POST', `conversations/${other.conversationId}/messages`, {
    content: 'a',
    content_attributes: { in_reply_to: body.id },
  })
  expect(answer.body.content_attributes.in_reply_to).toBeNull()
})

test('status: forward, backward, but silently never read to delivered', async () => {
  const { id } = (await post({ content: 'a' })).body
  const steps: [object, string][] = [
    [{ status: 'delivered' }, 'delivered'],
    [{ status: 'read' }, 'read'],
    [{ status: 'delivered' }, 'read'],
    [{ status: 'nonsense' }, 'read'],
    [{}, 'read'],
    [{ status: 'sent' }, 'sent'],
  ]
  for (const [body, expected] of steps) {
    const answer = await patch(id, body)
    expect([answer.status, answer.body.status]).toEqual([200, expected])
  }
})

test('external_error is kept with failed and nulled by any other status', async () => {
  const { id } = (await post({ content: 'a', content_attributes: { external_echo: true } })).body
  const plain = await patch(id, { status: 'delivered' })
  expect(plain.body.content_attributes).toEqual({ external_echo: true })
  const failed = await patch(id, { status: 'failed', external_error: 'No WhatsApp' })
  expect(failed.body).toMatchObject({
    status: 'failed',
    content_attributes: { external_echo: true, external_error: 'No WhatsApp' },
  })
  const sent = await patch(id, { status: 'sent', external_error: 'ignored' })
  expect(sent.body.content_attributes).toEqual({ external_echo: true, external_error: null })
})

test('delete is soft and keeps source id and status', async () => {
  const { id } = (await post({ content: 'secret', source_id: 'wa', content_attributes: { a: 1 } }))
    .body
  await patch(id, { status: 'read' })
  const { body } = await call('DELETE', `${path}/${id}`)
  expect(body).toMatchObject({
    content: 'This message was deleted',
    content_attributes: { deleted: true },
    source_id: 'wa',
    status: 'read',
  })
})

test('retry empties the attributes, quote included', async () => {
  const { id } = (await post({ content: 'a', content_attributes: { x: 1 } })).body
  await patch(id, { status: 'failed', external_error: 'No' })
  const { body } = await call('POST', `${path}/${id}/retry`)
  expect(body).toMatchObject({ status: 'sent', content_attributes: {} })
})

test('since 4.17 retry does nothing to a message that has not failed', async () => {
  await standIn.close()
  await start('4.17.0')
  const { id } = (await post({ content: 'a', content_attributes: { x: 1 } })).body
  await patch(id, { status: 'read' })
  const { body } = await call('POST', `${path}/${id}/retry`)
  expect(body).toMatchObject({ status: 'read', content_attributes: { x: 1 } })
})

test('before 4.2 there are no status reports', async () => {
  await standIn.close()
  await start('4.1.0')
  const { id } = (await post({ content: 'a' })).body
  expect((await patch(id, { status: 'read' })).status).toBe(404)
})

test('other channels take no incoming messages and no status', async () => {
  const widget = await call('POST', 'inboxes', { name: 'Web', channel: { type: 'web_widget' } })
  const contact = await call('POST', 'contacts', { name: 'x' })
  const { body } = await call('POST', 'conversations', {
    inbox_id: widget.body.id,
    contact_id: contact.body.payload.contact.id,
  })
  const there = `conversations/${body.id}/messages`
  expect((await call('POST', there, { content: 'x', message_type: 'incoming' })).body).toEqual({
    error: 'Incoming messages are only allowed in Api inboxes',
  })
  const { id } = (await call('POST', there, { content: 'x' })).body
  expect((await call('PATCH', `${there}/${id}`, { status: 'read' })).status).toBe(403)
})

const ids = ({ body }: TestAnswer) => body.payload.map(({ id }: { id: number }) => id)

test('the list: last 20, before, after, and the inclusive range', async () => {
  const first = (await post({ content: '0', message_type: 'incoming' })).body.id
  for (let index = 1; index < 130; index += 1) await post({ content: `${index}`, private: true })
  const list = async (query: string) => ids(await call('GET', `${path}?${query}`))
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => first + from + index)
  expect(await list('')).toEqual(range(110, 130))
  expect(await list(`before=${first + 50}`)).toEqual(range(30, 50))
  expect(await list(`after=${first + 9}`)).toEqual(range(10, 110))
  expect(await list(`after=${first + 9}&before=${first + 12}`)).toEqual(range(9, 12))
  expect(await list('filter_internal_messages=1')).toEqual([first])
})

test('ids beyond 32 bits fail before 4.17', async () => {
  expect((await call('GET', `${path}?before=3000000000`)).status).toBe(500)
  await standIn.close()
  await start('4.17.0')
  expect((await call('GET', `${path}?before=3000000000`)).status).toBe(200)
})
