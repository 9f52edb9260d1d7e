import { afterEach, describe, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation } from './test-support.ts'

/** What Chatwoot 4.15.1 and 4.4.0 answered to texts they cannot store. */
const NUL_IN_MESSAGE = [422, { error: 'string contains null byte' }]
const NUL_ELSEWHERE = [500, { status: 500, error: 'Internal Server Error' }]
const LONE_SURROGATE = [400, { status: 400, error: 'Bad Request' }]

let standIn: ChatwootStandIn
afterEach(() => standIn.close())

describe.each(['4.15.1', '4.4.0'])('Chatwoot %s', (version) => {
  async function start() {
    standIn = await startChatwootStandIn({ version })
    const { conversationId, inboxId, contactId } = await startConversation(standIn)
    const call = clientOf(standIn)
    const ask = async (method: string, path: string, body: unknown) => {
      const answer = await call(method, path, body)
      return [answer.status, answer.body]
    }
    return { ask, call, inboxId, contactId, messages: `conversations/${conversationId}/messages` }
  }

  test('refuses U+0000 in a message, as text and as source id', async () => {
    const { ask, messages } = await start()
    expect(await ask('POST', messages, { content: 'a\0b' })).toEqual(NUL_IN_MESSAGE)
    expect(await ask('POST', messages, { content: 'a', source_id: '\0' })).toEqual(NUL_IN_MESSAGE)
  })

  test('stores it inside of attributes', async () => {
    const { ask, messages } = await start()
    const body = { content: 'a', content_attributes: { any: 'a\0b' } }
    expect((await ask('POST', messages, body))[0]).toBe(200)
  })

  test('fails over it in names and source ids of contacts', async () => {
    const { ask, inboxId, contactId } = await start()
    const source = { inbox_id: inboxId, source_id: 'a\0' }
    expect(await ask('POST', 'contacts', { name: 'a\0b' })).toEqual(NUL_ELSEWHERE)
    expect(await ask('POST', 'contacts', { name: 'a', ...source })).toEqual(NUL_ELSEWHERE)
    expect(await ask('POST', 'contact_inboxes/filter', source)).toEqual(NUL_ELSEWHERE)
    expect(await ask('PUT', `contacts/${contactId}`, { name: 'a\0b' })).toEqual(NUL_ELSEWHERE)
  })

  test.each([
    { content: '\ud83d' },
    { content: 'a', source_id: '\udc00' },
    { content: 'a', content_attributes: { deep: ['\ud83d'] } },
    { content: 'a', content_attributes: { '\ud83d': 1 } },
  ])('lets no JSON with a lone surrogate in', async (body) => {
    const { ask, messages } = await start()
    expect(await ask('POST', messages, body)).toEqual(LONE_SURROGATE)
    expect(await ask('POST', 'contacts', { name: '\ud83d' })).toEqual(LONE_SURROGATE)
  })

  test('has no words for one who does not accept JSON', async () => {
    const { messages } = await start()
    const response = await fetch(`${standIn.url}/api/v1/accounts/1/${messages}`, {
      method: 'POST',
      headers: {
        'Api-Access-Token': standIn.adminToken,
        'Content-Type': 'application/json',
        Accept: 'text/html',
      },
      body: '{"content":"\\ud83d"}',
    })
    expect([response.status, await response.text()]).toEqual([400, ''])
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  })

  test('stores a lone surrogate of a form as U+FFFD', async () => {
    const { call, messages } = await start()
    const form = new FormData()
    form.append('content', 'a\ud83db')
    expect((await call('POST', messages, form)).body.content).toBe('a\ufffdb')
  })
})

test('names of files are decoded as Rack does', async () => {
  standIn = await startChatwootStandIn({ version: '4.15.1' })
  const { conversationId } = await startConversation(standIn)
  const stored: string[] = []
  for (const name of ['50%20.pdf', '50%2520.pdf', '100%.pdf', 'a+b&c.pdf', '%ff.pdf']) {
    const form = new FormData()
    form.append('attachments[]', new File(['x'], name, { type: 'application/pdf' }))
    const { body } = await clientOf(standIn)(
      'POST',
      `conversations/${conversationId}/messages`,
      form,
    )
    stored.push(
      decodeURIComponent(new URL(body.attachments[0].data_url).pathname.split('/').at(-1) ?? ''),
    )
  }
  expect(stored).toEqual(['50 .pdf', '50%20.pdf', '100%.pdf', 'a+b&c.pdf', '\ufffd.pdf'])
})
