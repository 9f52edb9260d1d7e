import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation, type TestClient } from './test-support.ts'

const clock = { time: 1_785_247_081_000, now: () => clock.time }
let standIn: ChatwootStandIn
let call: TestClient
beforeEach(async () => {
  standIn = await startChatwootStandIn({
    clock,
    inboxes: [{ name: 'Free' }, { name: 'Locked', lockToSingleConversation: true }],
  })
  call = clientOf(standIn)
})
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

test('every create makes a new conversation when the inbox is not locked', async () => {
  const { inboxId, contactId, source } = await startConversation(standIn)
  const body = { inbox_id: inboxId, contact_id: contactId, source_id: source }
  const ids = [await call('POST', 'conversations', body), await call('POST', 'conversations', body)]
  expect(ids.map((answer) => answer.body.id)).toEqual([2, 3])
  expect(standIn.conversations()).toHaveLength(3)
})

test('a locked inbox gives back the last one whatever its status, ignoring attributes', async () => {
  const { contactId } = await startConversation(standIn)
  const inboxId = standIn.inboxes()[1]!.id
  const body = { inbox_id: inboxId, contact_id: contactId, source_id: 'locked' }
  const first = await call('POST', 'conversations', { ...body, additional_attributes: { a: 1 } })
  standIn.agent().resolve(first.body.id)
  const second = await call('POST', 'conversations', {
    ...body,
    status: 'open',
    additional_attributes: { a: 2 },
    message: { content: 'appended' },
  })
  expect(second.body).toMatchObject({
    id: first.body.id,
    status: 'resolved',
    additional_attributes: { a: 1 },
  })
  expect(standIn.messages(first.body.id).at(-1)?.content).toBe('appended')
})

test('display ids are counted per account and collide, message ids are not', async () => {
  const inbox = standIn.addInbox({ name: 'Other', accountId: 2 })
  const other = clientOf(standIn, standIn.adminToken, 2)
  const { conversationId } = await startConversation(standIn)
  const contact = await other('POST', 'contacts', { name: 'x', inbox_id: inbox.id, source_id: 'x' })
  const { body } = await other('POST', 'conversations', {
    inbox_id: inbox.id,
    contact_id: contact.body.payload.contact.id,
    source_id: 'x',
  })
  expect(body.id).toBe(conversationId)
  const path = `conversations/${conversationId}/messages`
  const here = await call('POST', path, { content: 'a' })
  const there = await other('POST', path, { content: 'b' })
  expect(there.body.id).toBe(here.body.id + 1)
  expect(standIn.messages(conversationId, 2).map(({ content }) => content)).toEqual(['b'])
})

test('only a source id finds it across all accounts', async () => {
  const inbox = standIn.addInbox({ name: 'Other', accountId: 2 })
  const other = clientOf(standIn, standIn.adminToken, 2)
  await other('POST', 'contacts', { name: 'x', inbox_id: inbox.id, source_id: 'there' })
  const { body } = await call('POST', 'conversations', { source_id: 'there' })
  expect(body.account_id).toBe(2)
  expect((await call('POST', 'conversations', { source_id: 'unknown' })).status).toBe(404)
})

test('a source id of another contact is refused, none makes a new contact inbox', async () => {
  const { inboxId, source } = await startConversation(standIn)
  const { body } = await call('POST', 'contacts', { name: 'Other' })
  const contact_id = body.payload.contact.id
  const taken = await call('POST', 'conversations', {
    inbox_id: inboxId,
    contact_id,
    source_id: source,
  })
  expect([taken.status, taken.body]).toEqual([422, { error: 'source_id should be unique' }])
  await call('POST', 'conversations', { inbox_id: inboxId, contact_id })
  await call('POST', 'conversations', { inbox_id: inboxId, contact_id })
  const contact = await call('GET', `contacts/${contact_id}`)
  expect(contact.body.payload.contact_inboxes).toHaveLength(2)
})

test('an invalid first message leaves no conversation behind', async () => {
  const { inboxId, contactId, source } = await startConversation(standIn)
  const { status } = await call('POST', 'conversations', {
    ...{ inbox_id: inboxId, contact_id: contactId, source_id: source },
    message: { content: 'x', message_type: 'foo' },
  })
  expect(status).toBe(422)
  expect(standIn.conversations()).toHaveLength(1)
})

test('long attribute values are refused', async () => {
  const { conversationId } = await startConversation(standIn)
  const { status, body } = await call('POST', `conversations/${conversationId}/custom_attributes`, {
    custom_attributes: { note: 'x'.repeat(1501) },
  })
  expect([status, body]).toEqual([
    422,
    {
      message: 'Custom attributes note length should be < 1500',
      attributes: ['custom_attributes'],
    },
  ])
})

test('a blocked contact starts resolved and nothing reopens it', async () => {
  const { inboxId, contactId, source } = await startConversation(standIn)
  await call('PUT', `contacts/${contactId}`, { blocked: true })
  const { body } = await call('POST', 'conversations', {
    ...{ inbox_id: inboxId, contact_id: contactId, source_id: source, status: 'open' },
  })
  expect(body.status).toBe('resolved')
  await call('POST', `conversations/${body.id}/messages`, {
    content: 'a',
    message_type: 'incoming',
  })
  expect(standIn.conversations().at(-1)?.status).toBe('resolved')
})

test.each(['resolved', 'snoozed'] as const)('an incoming message reopens %s', async (status) => {
  const { conversationId } = await startConversation(standIn)
  await call('POST', `conversations/${conversationId}/toggle_status`, { status })
  const path = `conversations/${conversationId}/messages`
  await call('POST', path, { content: 'from the phone' })
  expect(standIn.conversations()[0]?.status).toBe(status)
  await call('POST', path, { content: 'again', message_type: 'incoming' })
  expect(standIn.conversations()[0]?.status).toBe('open')
})

test('toggle_status toggles, answers its own shape and breaks on nonsense', async () => {
  const { conversationId } = await startConversation(standIn)
  const path = `conversations/${conversationId}/toggle_status`
  const { body } = await call('POST', path, {})
  expect(body.payload).toEqual({
    success: true,
    conversation_id: conversationId,
    current_status: 'resolved',
    snoozed_until: null,
  })
  expect((await call('POST', path, { status: 'closed' })).status).toBe(500)
})

test('an agent who opens takes over, an administrator does not', async () => {
  const { conversationId } = await startConversation(standIn)
  const path = `conversations/${conversationId}/toggle_status`
  await call('POST', path, { status: 'resolved' })
  await call('POST', path, { status: 'open' })
  expect(standIn.conversations()[0]?.assignee).toBeNull()
  await clientOf(standIn, standIn.agentToken)('POST', path, { status: 'open' })
  expect(standIn.conversations()[0]?.assignee).toEqual({
    type: 'User',
    id: standIn.agent().user.id,
  })
})

test('custom attributes are replaced; since 4.17 they can be merged', async () => {
  const set = async (client: TestClient, id: number, body: object) =>
    (await client('POST', `conversations/${id}/custom_attributes`, body)).body.custom_attributes
  const { conversationId: id } = await startConversation(standIn)
  await set(call, id, { custom_attributes: { a: 1 } })
  expect(await set(call, id, { custom_attributes: { b: 2 }, merge: true })).toEqual({ b: 2 })
  const newer = await startChatwootStandIn({ version: '4.17.0' })
  const client = clientOf(newer)
  const { conversationId } = await startConversation(newer)
  await set(client, conversationId, { custom_attributes: { a: 1 } })
  const merged = await set(client, conversationId, { custom_attributes: { b: 2 }, merge: true })
  expect(merged).toEqual({ a: 1, b: 2 })
  await newer.close()
})

test('the list filters by status, inbox, source and time', async () => {
  const { conversationId, source, inboxId } = await startConversation(standIn)
  await startConversation(standIn, { phone: '+15550001111', source: 'two' })
  await call('POST', `conversations/${conversationId}/toggle_status`, { status: 'resolved' })
  const ids = async (query: string) =>
    (await call('GET', `conversations?${query}`)).body.data.payload.map(
      ({ id }: { id: number }) => id,
    )
  expect(await ids('')).toEqual([2])
  expect((await ids('status=all')).sort()).toEqual([1, 2])
  expect(await ids(`status=all&inbox_id=${inboxId}&source_id=${source}`)).toEqual([1])
  clock.time += 60_000
  await call('POST', 'conversations/2/messages', { content: 'later' })
  expect(await ids('status=all&updated_within=30')).toEqual([2])
  expect(await ids('status=all&q=LATER')).toEqual([2])
})

test('seen and unread move the badge, without unread messages at most hourly', async () => {
  const { conversationId } = await startConversation(standIn)
  const path = `conversations/${conversationId}`
  await call('POST', `${path}/messages`, { content: 'a', message_type: 'incoming' })
  expect((await call('GET', path)).body.unread_count).toBe(1)
  const seen = await call('POST', `${path}/update_last_seen`)
  expect(seen.body.unread_count).toBe(0)
  clock.time += 60_000
  const throttled = await call('POST', `${path}/update_last_seen`)
  expect(throttled.body.agent_last_seen_at).toBe(seen.body.agent_last_seen_at)
  clock.time += 3_600_000
  const later = await call('POST', `${path}/update_last_seen`)
  expect(later.body.agent_last_seen_at).toBeGreaterThan(seen.body.agent_last_seen_at)
  expect((await call('POST', `${path}/unread`)).body.unread_count).toBe(1)
})

test('labels, assignee, priority and delete', async () => {
  const { conversationId } = await startConversation(standIn)
  const path = `conversations/${conversationId}`
  expect((await call('POST', `${path}/labels`, { labels: ['vip'] })).body.payload).toEqual(['vip'])
  const agentId = standIn.agent().user.id
  const assigned = await call('POST', `${path}/assignments`, { assignee_id: agentId })
  expect(assigned.body.id).toBe(agentId)
  expect((await call('GET', path)).body.meta.assignee.id).toBe(agentId)
  const nobody = await call('POST', `${path}/assignments`, { assignee_id: null })
  expect([nobody.status, nobody.body]).toEqual([200, null])
  expect((await call('PATCH', path, { priority: 'urgent' })).body.priority).toBe('urgent')
  expect((await call('DELETE', path)).status).toBe(200)
  expect((await call('GET', path)).body).toEqual({ error: 'Resource could not be found' })
})

test('an answer without a body still says JSON', async () => {
  const { conversationId } = await startConversation(standIn)
  const path = `conversations/${conversationId}`
  const answers = [
    await call('POST', `${path}/toggle_typing_status`, { typing_status: 'on' }),
    await call('POST', `${path}/mute`),
    await call('POST', `${path}/unmute`),
    await call('DELETE', path),
  ]
  for (const { status, body, headers } of answers) {
    expect([status, body]).toEqual([200, undefined])
    expect(headers.get('content-type')).toBe('application/json')
  }
  const shown = await call('GET', 'conversations')
  expect(shown.headers.get('content-type')).toBe('application/json; charset=utf-8')
})
