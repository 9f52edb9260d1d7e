import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation } from './test-support.ts'

let standIn: ChatwootStandIn
beforeEach(async () => {
  standIn = await startChatwootStandIn()
})
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

test('every call is in the ledger with its body and status', async () => {
  const { conversationId } = await startConversation(standIn)
  await clientOf(standIn)('GET', 'contacts/search?q=x')
  expect(standIn.calls.at(-1)).toMatchObject({
    method: 'GET',
    path: '/api/v1/accounts/1/contacts/search',
    query: 'q=x',
    status: 200,
  })
  expect(standIn.calls[1]?.body).toMatchObject({ source_id: '5511987654321' })
  expect(standIn.countOf({ method: 'POST', path: /\/conversations$/ })).toBe(1)
  expect(standIn.countOf({ method: 'POST' })).toBe(2)
  expect(standIn.messages(conversationId)).toEqual([])
})

test.each([
  ['answer', { kind: 'answer', status: 429, body: 'Retry later\n' } as const, 429, 0],
  ['fail-after', { kind: 'fail-after', status: 504 } as const, 504, 1],
  ['html', { kind: 'html' } as const, 502, 0],
])('fault %s', async (_, fault, status, stored) => {
  const { conversationId } = await startConversation(standIn)
  standIn.faults.add({ ...fault, times: 1, path: '/messages' })
  const call = clientOf(standIn)
  const path = `conversations/${conversationId}/messages`
  expect((await call('POST', path, { content: 'a' })).status).toBe(status)
  expect(standIn.messages(conversationId)).toHaveLength(stored)
  expect((await call('POST', path, { content: 'a' })).status).toBe(200)
})

test('a dropped answer did its work and stays without a status', async () => {
  const { conversationId } = await startConversation(standIn)
  standIn.faults.add({ kind: 'drop-after', times: 1 })
  const path = `conversations/${conversationId}/messages`
  await expect(clientOf(standIn)('POST', path, { content: 'a' })).rejects.toThrow('fetch failed')
  expect(standIn.messages(conversationId)).toHaveLength(1)
  expect(standIn.calls.at(-1)?.status).toBeNull()
})

test('waiting is driven by changes', async () => {
  const { conversationId } = await startConversation(standIn)
  const waiting = standIn.waitFor(() => standIn.messages(conversationId)[0]?.content)
  await clientOf(standIn)('POST', `conversations/${conversationId}/messages`, { content: 'there' })
  await expect(waiting).resolves.toBe('there')
})

test('records given away are copies', async () => {
  await startConversation(standIn)
  standIn.contacts()[0]!.name = 'changed'
  expect(standIn.contacts()[0]?.name).toBe('Maria Souza')
})

test('closes while a request hangs', async () => {
  const other = await startChatwootStandIn({ frontendUrl: 'https://chat.example.com/' })
  other.faults.add({ kind: 'hang' })
  const hanging = expect(fetch(`${other.url}/health`)).rejects.toThrow('fetch failed')
  await other.waitFor(() => other.calls.length === 1)
  await other.close()
  await hanging
})

test('the same seed gives the same tokens', async () => {
  const [one, two] = [
    await startChatwootStandIn({ seed: 5 }),
    await startChatwootStandIn({ seed: 5 }),
  ]
  expect(one.adminToken).toBe(two.adminToken)
  expect(one.adminToken).not.toBe(standIn.adminToken)
  await Promise.all([one.close(), two.close()])
})
