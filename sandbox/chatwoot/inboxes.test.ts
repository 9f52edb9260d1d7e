import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation, type TestClient } from './test-support.ts'

let standIn: ChatwootStandIn
let call: TestClient
beforeEach(async () => {
  standIn = await startChatwootStandIn({ inboxes: [] })
  call = clientOf(standIn)
})
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

const create = (body: object) =>
  call('POST', 'inboxes', { channel: { type: 'api' }, name: 'Sales', ...body })

test('created with a secret nobody chose', async () => {
  const { status, body } = await create({
    channel: { type: 'api', webhook_url: 'https://b.example/x' },
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    name: 'Sales',
    channel_type: 'Channel::Api',
    webhook_url: 'https://b.example/x',
    lock_to_single_conversation: false,
    callback_webhook_url: null,
  })
  expect(body.secret).toHaveLength(24)
  expect(body.hmac_token).not.toBe(body.secret)
})

test.each<[object, number, unknown]>([
  [{ name: '' }, 422, { message: "Name can't be blank", attributes: ['name'] }],
  [{ channel: undefined }, 500, { status: 500, error: 'Internal Server Error' }],
  [
    { channel: { type: 'api', additional_attributes: { agent_reply_time_window: 0 } } },
    422,
    {
      message: 'Agent reply time window agent_reply_time_window must be greater than 0',
      attributes: ['agent_reply_time_window'],
    },
  ],
])('refuses %j', async (fields, status, body) => {
  expect(await create(fields)).toMatchObject({ status, body })
})

test('update changes what it names; "null" is null', async () => {
  const { body } = await create({ greeting_message: 'Hi', greeting_enabled: true })
  const updated = await call('PATCH', `inboxes/${body.id}`, {
    greeting_message: 'null',
    lock_to_single_conversation: true,
    channel: { webhook_url: 'https://b.example/y' },
  })
  expect(updated.body).toMatchObject({
    name: 'Sales',
    greeting_enabled: true,
    greeting_message: null,
    lock_to_single_conversation: true,
    webhook_url: 'https://b.example/y',
    secret: body.secret,
  })
  const reset = await call('POST', `inboxes/${body.id}/reset_secret`)
  expect(reset.body.secret).not.toBe(body.secret)
})

test('before 4.13 there is no secret', async () => {
  const old = await startChatwootStandIn({ version: '4.12.1' })
  const [inbox] = (await clientOf(old)('GET', 'inboxes')).body.payload
  expect(inbox).not.toHaveProperty('secret')
  expect((await clientOf(old)('POST', `inboxes/${inbox.id}/reset_secret`)).status).toBe(404)
  await old.close()
})

test('the reply window closes', async () => {
  const { body } = await create({
    channel: { type: 'api', additional_attributes: { agent_reply_time_window: 24 } },
  })
  const { conversationId } = await startConversation(standIn)
  const canReply = async () => (await call('GET', `conversations/${conversationId}`)).body.can_reply
  expect(await canReply()).toBe(false)
  await call('POST', `conversations/${conversationId}/messages`, {
    content: 'a',
    message_type: 'incoming',
  })
  expect(await canReply()).toBe(true)
  expect(body.additional_attributes).toEqual({ agent_reply_time_window: 24 })
})

test('members, and deletion with everything in it', async () => {
  const { body } = await create({})
  const agentId = standIn.agent().user.id
  const set = (method: string, user_ids: number[]) =>
    call(method, 'inbox_members', { inbox_id: body.id, user_ids })
  expect((await set('POST', [agentId])).body.payload).toMatchObject([{ id: agentId }])
  expect((await set('DELETE', [agentId])).body.payload).toEqual([])
  expect((await set('PATCH', [agentId])).body.payload).toHaveLength(1)
  await startConversation(standIn)
  await call('DELETE', `inboxes/${body.id}`)
  expect(standIn.conversations()).toEqual([])
})

test('with a bot attached conversations start and reopen pending', async () => {
  const { body } = await create({})
  const bot = await call('POST', 'agent_bots', { name: 'Helper' })
  await call('POST', `inboxes/${body.id}/set_agent_bot`, { agent_bot: bot.body.id })
  const { conversationId } = await startConversation(standIn)
  expect(standIn.conversations()[0]?.status).toBe('pending')
  standIn.agent().resolve(conversationId)
  await call('POST', `conversations/${conversationId}/messages`, {
    content: 'a',
    message_type: 'incoming',
  })
  expect(standIn.conversations()[0]?.status).toBe('pending')
})

test('account webhooks: made, listed, changed, refused, deleted', async () => {
  const webhook = { url: 'https://b.example/w', name: 'x', subscriptions: ['contact_created'] }
  const { body } = await call('POST', 'webhooks', { webhook })
  const { id, secret } = body.payload.webhook
  expect(secret).toHaveLength(24)
  const again = await call('POST', 'webhooks', { webhook })
  expect(again).toMatchObject({ status: 422, body: { message: 'Url has already been taken' } })
  const bad = { ...webhook, url: 'https://b.example/v', subscriptions: ['nope'] }
  const wrong = await call('POST', 'webhooks', { webhook: bad })
  expect(wrong.body.message).toBe('Subscriptions Invalid events')
  expect((await call('POST', 'webhooks', {})).body).toEqual({
    error: 'param is missing or the value is empty: webhook',
  })
  const changed = await call('PATCH', `webhooks/${id}`, {
    webhook: { subscriptions: ['message_created'] },
  })
  expect(changed.body.payload.webhook).toMatchObject({
    name: 'x',
    subscriptions: ['message_created'],
  })
  expect((await call('GET', 'webhooks')).body.payload.webhooks).toHaveLength(1)
  await call('DELETE', `webhooks/${id}`)
  expect((await call('GET', 'webhooks')).body.payload.webhooks).toEqual([])
})

test('an API inbox takes no campaign', async () => {
  const { body: inbox } = await create({})
  const answer = await call('POST', 'campaigns', {
    campaign: { title: 'Spring', message: 'Hello', inbox_id: inbox.id },
  })
  expect(answer).toMatchObject({ status: 422, body: { error: 'Unsupported Inbox type' } })
})
