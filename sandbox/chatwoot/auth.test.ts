import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation } from './test-support.ts'

let standIn: ChatwootStandIn
let conversationId: number
beforeAll(async () => {
  standIn = await startChatwootStandIn({
    inboxes: [{ name: 'Sales' }, { name: 'Other', accountId: 2 }],
  })
  conversationId = (await startConversation(standIn)).conversationId
})
afterAll(() => standIn.close())

test('no token and a wrong token are told apart', async () => {
  const none = await clientOf(standIn, null)('GET', 'inboxes')
  const wrong = await clientOf(standIn, 'nonsense')('GET', 'inboxes')
  expect([none.status, none.body]).toEqual([
    401,
    { errors: ['You need to sign in or sign up before continuing.'] },
  ])
  expect([wrong.status, wrong.body]).toEqual([401, { error: 'Invalid Access Token' }])
})

test('the header with underscores works too', async () => {
  const { status } = await fetch(`${standIn.url}/api/v1/profile`, {
    headers: { api_access_token: standIn.adminToken },
  })
  expect(status).toBe(200)
})

test('unknown account is 404, a foreign one 401', async () => {
  expect((await clientOf(standIn, standIn.adminToken, 99)('GET', 'inboxes')).status).toBe(404)
  const agent = await clientOf(standIn, standIn.agentToken, 2)('GET', 'inboxes')
  expect(agent.body).toEqual({ error: 'You are not authorized to access this account' })
  const bot = await clientOf(standIn, standIn.botToken, 2)('POST', 'conversations', {})
  expect(bot.body).toEqual({ error: 'Bot is not authorized to access this account' })
})

test('an agent may not do what an administrator may', async () => {
  const call = clientOf(standIn, standIn.agentToken)
  const created = await call('POST', 'inboxes', { name: 'x', channel: { type: 'api' } })
  expect([created.status, created.body]).toEqual([
    401,
    { error: 'You are not authorized to do this action' },
  ])
  const [inbox] = (await call('GET', 'inboxes')).body.payload
  expect(inbox).not.toHaveProperty('secret')
  expect(inbox).not.toHaveProperty('hmac_token')
})

test('an agent sees only the inboxes of which they are a member', async () => {
  const { id } = (
    await clientOf(standIn)('POST', 'inboxes', {
      name: 'Hidden',
      channel: { type: 'api' },
    })
  ).body
  const call = clientOf(standIn, standIn.agentToken)
  expect((await call('GET', `inboxes/${id}`)).status).toBe(401)
  const agentId = standIn.agent().user.id
  await clientOf(standIn)('POST', 'inbox_members', { inbox_id: id, user_ids: [agentId] })
  expect((await call('GET', `inboxes/${id}`)).status).toBe(200)
})

test.each([
  ['POST', 'messages', { content: 'hi' }, 200],
  ['GET', '', undefined, 200],
  ['GET', 'messages', undefined, 401],
  ['DELETE', '', undefined, 401],
])('a bot calls %s %s', async (method, path, body, status) => {
  const call = clientOf(standIn, standIn.botToken)
  const answer = await call(
    method,
    `conversations/${conversationId}/${path}`.replace(/\/$/, ''),
    body,
  )
  expect(answer.status).toBe(status)
  if (status === 401)
    expect(answer.body).toEqual({ error: 'Access to this endpoint is not authorized for bots' })
})

test('a bot cannot touch contacts nor read a profile', async () => {
  const call = clientOf(standIn, standIn.botToken)
  expect((await call('GET', 'contacts/search?q=x')).status).toBe(401)
  expect((await call('GET', '/api/v1/profile')).status).toBe(401)
})

test('profile, version and health', async () => {
  const call = clientOf(standIn)
  const { body } = await call('GET', '/api/v1/profile')
  expect(body).toMatchObject({ name: 'WhatsApp Bridge', role: 'administrator' })
  expect(body.accounts.map(({ id }: { id: number }) => id)).toEqual([1, 2])
  expect((await clientOf(standIn, null)('GET', '/api')).body.version).toBe('4.16.2')
  expect((await clientOf(standIn, null)('GET', '/health')).body).toEqual({ status: 'woot' })
})

test('malformed JSON is 400, an unknown path 404', async () => {
  const answer = await fetch(`${standIn.url}/api/v1/accounts/1/contacts`, {
    method: 'POST',
    headers: { 'Api-Access-Token': standIn.adminToken, 'Content-Type': 'application/json' },
    body: '{"name":',
  })
  expect(answer.status).toBe(400)
  expect((await clientOf(standIn)('GET', 'nowhere')).status).toBe(404)
})
