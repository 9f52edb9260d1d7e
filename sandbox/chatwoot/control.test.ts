import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation, type TestClient } from './test-support.ts'

let standIn: ChatwootStandIn
let call: TestClient
let conversationId: number
beforeEach(async () => {
  standIn = await startChatwootStandIn()
  call = clientOf(standIn, null)
  conversationId = (await startConversation(standIn)).conversationId
})
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

const act = (action: string, body: object = {}) =>
  call('POST', `/_sandbox/conversations/${conversationId}/${action}`, body)

test('the agent replies, deletes, retries and resolves over HTTP', async () => {
  const { body } = await act('reply', {
    text: 'Hi',
    attachments: [{ filename: 'a.txt', contentType: 'text/plain', base64: btoa('file') }],
  })
  expect(body).toMatchObject({ content: 'Hi', attachments: [{ filename: 'a.txt', byteSize: 4 }] })
  const path = `conversations/${conversationId}/messages/${body.id}`
  await clientOf(standIn)('PATCH', path, { status: 'failed', external_error: 'No' })
  expect((await act('retry', { messageId: body.id })).body).toEqual({ ok: true })
  expect(standIn.messages(conversationId)[0]?.status).toBe('sent')
  await act('delete', { messageId: body.id })
  expect(standIn.messages(conversationId)[0]?.contentAttributes).toEqual({ deleted: true })
  await act('resolve')
  const { body: state } = await call('GET', '/_sandbox/state')
  expect(state.conversations[0]).toMatchObject({ id: conversationId, status: 'resolved' })
  expect(state.conversations[0].messages[0]).toMatchObject({ id: body.id, message_type: 1 })
  expect((await act('nonsense')).status).toBe(404)
})

test('a conversation is started with a number', async () => {
  const { body } = await call('POST', '/_sandbox/conversations', {
    inboxId: standIn.inboxes()[0]!.id,
    phone: '+15550001111',
    text: 'Hi',
  })
  expect(standIn.messages(body.id)[0]?.content).toBe('Hi')
})

test('faults come and go and never hit the control surface', async () => {
  await call('POST', '/_sandbox/faults', { kind: 'answer', status: 503 })
  expect((await call('GET', '/health')).status).toBe(503)
  expect((await call('GET', '/_sandbox/faults')).body.faults).toHaveLength(1)
  await call('DELETE', '/_sandbox/faults')
  expect((await call('GET', '/health')).status).toBe(200)
  expect((await call('POST', '/_sandbox/faults', { kind: 'nonsense' })).status).toBe(422)
})

test('only loopback pages may read', async () => {
  const origin = async (value: string) =>
    (await fetch(`${standIn.url}/_sandbox/state`, { headers: { origin: value } })).headers.get(
      'access-control-allow-origin',
    )
  expect(await origin('http://localhost:4000')).toBe('http://localhost:4000')
  expect(await origin('https://example.com')).toBeNull()
})

test('events stream as they happen', async () => {
  const { body } = await fetch(`${standIn.url}/_sandbox/events`)
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  const until = async (text: string) => {
    while (!seen.includes(text)) seen += (await reader.read()).value ?? ''
  }
  await until('event: ready')
  const { id } = await standIn.agent().reply(conversationId, 'Hi')
  await until(`"message_id":${id}`)
  expect(seen).toContain('event: message_created')
  await reader.cancel()
})
