import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation, startReceiver, type TestClient } from './test-support.ts'

let standIn: ChatwootStandIn
let call: TestClient
let base: string
beforeEach(async () => {
  standIn = await startChatwootStandIn()
  call = clientOf(standIn, null)
  base = `/public/api/v1/inboxes/${standIn.inboxes()[0]!.identifier}`
})
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

test('find or create by source id, identifier, e-mail, phone', async () => {
  const { contactId, source } = await startConversation(standIn)
  const known = await call('POST', `${base}/contacts`, { source_id: source, name: 'Changed' })
  expect(known.body).toMatchObject({ id: contactId, name: 'Maria Souza', source_id: source })
  const byPhone = await call('POST', `${base}/contacts`, { phone_number: '+5511987654321' })
  expect(byPhone.body.id).toBe(contactId)
  const created = await call('POST', `${base}/contacts`, { source_id: 'new' })
  expect(created.body.name).not.toBe('')
  expect((await call('GET', `${base}/contacts/new`)).body.id).toBe(created.body.id)
})

test('a dot in a source id cannot be addressed', async () => {
  await startConversation(standIn, { source: '5511@s.whatsapp.net' })
  expect((await call('GET', `${base}/contacts/5511@s.whatsapp.net`)).status).toBe(404)
})

test('conversation, message, seen and resolve as the contact', async () => {
  const { source } = await startConversation(standIn)
  const path = `${base}/contacts/${source}/conversations`
  const { body } = await call('POST', path, {})
  expect(body).toMatchObject({ id: 2, messages: [], contact: { name: 'Maria Souza' } })
  const incoming = await call('POST', `${path}/2/messages`, { content: 'hello' })
  expect(incoming.body).toMatchObject({ message_type: 0, content: 'hello' })
  await standIn.agent().reply(2, 'reply')
  await standIn.agent().reply(2, 'note', { private: true })
  const listed = await call('GET', `${path}/2/messages`)
  expect(listed.body.map(({ content }: { content: string }) => content)).toEqual(['hello', 'reply'])
  await call('POST', `${path}/2/update_last_seen`)
  expect(standIn.messages(2).map(({ status }) => status)).toEqual(['sent', 'read', 'read'])
  await call('POST', `${path}/2/toggle_status`)
  expect(standIn.conversations()[1]?.status).toBe('resolved')
  expect((await call('GET', `${path}/99`)).status).toBe(404)
})

test('the contact types', async () => {
  const receiver = await startReceiver()
  const { source, inboxId } = await startConversation(standIn)
  standIn.updateInbox(inboxId, { webhookUrl: receiver.url })
  await call('POST', `${base}/contacts/${source}/conversations/1/toggle_typing`, {
    typing_status: 'on',
  })
  await standIn.settled()
  expect(receiver.received[0]?.payload).toMatchObject({
    event: 'conversation_typing_on',
    user: { phone_number: '+5511987654321' },
    is_private: false,
  })
  expect(receiver.received[0]?.payload.user).not.toHaveProperty('type')
  await receiver.close()
})

test('with hmac_mandatory a wrong hash is a 500', async () => {
  const inbox = standIn.inboxes()[0]!
  await clientOf(standIn)('PATCH', `inboxes/${inbox.id}`, { channel: { hmac_mandatory: true } })
  const post = (identifier_hash: string) =>
    call('POST', `${base}/contacts`, { source_id: 's', identifier: 'i', identifier_hash })
  expect((await post('wrong')).status).toBe(500)
  const hash = createHmac('sha256', inbox.hmacToken).update('i').digest('hex')
  expect((await post(hash)).status).toBe(200)
})
