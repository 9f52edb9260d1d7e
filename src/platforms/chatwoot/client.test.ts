import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { asId, type ConversationId, type InboxId, type SourceId } from '../../kernel/ids.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import type { OnCall } from '../upstream/transport.ts'
import { ORIGIN, TOKEN, testClient } from './fixtures.ts'

useNock()

describe('texts that Chatwoot cannot store', () => {
  const odd = 'a\0\ud83d\uffff'
  const clean = 'a\ufffd\ufffd\ufffd'
  const sourceId = asId<SourceId>(odd)

  it('are written and looked up alike, as JSON', async () => {
    const bodies: unknown[] = []
    const keep = async (request: Request) => {
      bodies.push(await request.json())
      return {}
    }
    nock(ORIGIN).post('/api/v1/accounts/1/contacts').reply(500, keep)
    nock(ORIGIN).post('/api/v1/accounts/1/contact_inboxes/filter').reply(404, keep)
    const { contacts } = testClient()
    const customAttributes = { [odd]: { deep: [odd] } }
    await contacts.create({ name: odd, customAttributes, sourceId }).catch(() => undefined)
    await contacts.findBySource(asId<InboxId>(3), sourceId)
    expect(bodies).toMatchObject([
      { name: clean, source_id: clean, custom_attributes: { [clean]: { deep: [clean] } } },
      { inbox_id: 3, source_id: clean },
    ])
  })

  it('are cleaned in forms, with the names of files, and in queries', async () => {
    let form = ''
    let asked = ''
    nock(ORIGIN)
      .post('/api/v1/accounts/1/conversations/7/messages')
      .reply(500, async (request: Request) => {
        form = await request.text()
        return {}
      })
    nock(ORIGIN)
      .get(/contacts.search/)
      .reply(500, (request: Request) => {
        asked = new URL(request.url).searchParams.get('q') ?? ''
        return {}
      })
    const client = testClient()
    const attachment = { body: new Blob(['x']), fileName: `${odd}.txt`, contentType: 'text/plain' }
    const message = { content: odd, sourceId: odd, messageType: 'incoming' as const }
    const contentAttributes = { [odd]: odd }
    await client.messages
      .createWithAttachments(asId<ConversationId>(7), {
        ...message,
        contentAttributes,
        attachments: [attachment],
      })
      .catch(() => undefined)
    await client.contacts.search(odd).catch(() => undefined)
    expect(form.split(clean)).toHaveLength(6)
    expect(form).not.toMatch(/\\ud83d|\0|\uffff/)
    expect(asked).toBe(clean)
  })

  it('are cut where Chatwoot would refuse them, with a mark', async () => {
    const bodies: Record<string, string>[] = []
    nock(ORIGIN)
      .post(/./)
      .twice()
      .reply(500, async (request: Request) => {
        bodies.push((await request.json()) as Record<string, string>)
        return {}
      })
    const client = testClient()
    const content = `${'x'.repeat(149_998)}😀${'y'.repeat(9)}`
    const create = client.messages.create(asId<ConversationId>(7), {
      content,
      messageType: 'incoming',
    })
    await create.catch(() => undefined)
    await client.contacts.create({ name: 'n'.repeat(300) }).catch(() => undefined)
    expect(bodies.map(({ content, name }) => content ?? name)).toEqual([
      `${'x'.repeat(149_998)}…`,
      `${'n'.repeat(254)}…`,
    ])
  })
})

describe('the client', () => {
  it('sends the token under the name that proxies let through', async () => {
    let sent = new Headers()
    nock(ORIGIN)
      .get('/api/v1/profile')
      .reply(200, (request: Request) => {
        sent = request.headers
        return {
          id: 9,
          name: 'WhatsApp Bridge',
          access_token: 'secret',
          pubsub_token: 'secret',
          accounts: [{ id: 1, name: 'Acme Support', role: 'administrator' }],
        }
      })
    expect(await testClient().profile()).toEqual({
      id: 9,
      name: 'WhatsApp Bridge',
      accounts: [{ id: 1, name: 'Acme Support', role: 'administrator' }],
    })
    expect(sent.get('api-access-token')).toBe(TOKEN)
    expect(sent.has('api_access_token')).toBe(false)
  })

  it.each([
    ['4.16.2', { major: 4, minor: 16, patch: 2 }],
    ['4.9.1-fork.3', { minor: 9, suffix: 'fork.3' }],
  ])('reads the version %s', async (version, expected) => {
    nock(ORIGIN).get('/api').reply(200, { version, queue_services: 'ok', data_services: 'failing' })
    expect(await testClient().version()).toMatchObject({
      raw: version,
      version: expected,
      queueServices: 'ok',
      dataServices: 'failing',
    })
  })

  it('copes with a version that is none', async () => {
    nock(ORIGIN).get('/api').reply(200, { version: 'develop' })
    expect(await testClient().version()).toEqual({
      raw: 'develop',
      version: undefined,
      queueServices: undefined,
      dataServices: undefined,
    })
  })

  it('works below a path', async () => {
    nock(ORIGIN).get('/help/api/v1/accounts/1/inboxes').reply(200, { payload: [] })
    expect(await testClient({ baseUrl: `${ORIGIN}/help/` }).inboxes.list()).toEqual([])
  })

  it('tells about every call, also uploads', async () => {
    const seen: Parameters<OnCall>[0][] = []
    const client = testClient({ onCall: (observation) => seen.push(observation) })
    nock(ORIGIN).get('/api').reply(500, {})
    nock(ORIGIN).post('/api/v1/accounts/1/conversations/15/messages').reply(403, {})
    await client.version().catch(() => undefined)
    await client.messages
      .createWithAttachments(asId<ConversationId>(15), { messageType: 'incoming', attachments: [] })
      .catch(() => undefined)
    expect(seen.map(({ operation, status }) => [operation, status])).toEqual([
      ['get-version', 500],
      ['create-message-with-attachments', 403],
    ])
  })

  it('shows the customer as typing and as having read', async () => {
    const conversation = {
      inboxIdentifier: 'f3QeVv6qk1sX8pQn3Zr2bT9d',
      sourceId: asId<SourceId>('lid-1899/x'),
      conversationId: asId<ConversationId>(15),
    }
    const path =
      '/public/api/v1/inboxes/f3QeVv6qk1sX8pQn3Zr2bT9d/contacts/lid-1899%2Fx/conversations/15'
    nock(ORIGIN).post(`${path}/toggle_typing`, { typing_status: 'on' }).reply(200)
    nock(ORIGIN).post(`${path}/update_last_seen`).reply(200)
    const { publicApi } = testClient()
    await publicApi.toggleTyping(conversation, true)
    await publicApi.updateLastSeen(conversation)
  })
})
