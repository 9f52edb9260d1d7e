import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { OutcomeUnknownError, TransientError } from '../../../kernel/errors.ts'
import {
  asId,
  type ContactId,
  type ConversationId,
  type InboxId,
  type SourceId,
} from '../../../kernel/ids.ts'
import { useNock } from '../../upstream/testing/use-nock.ts'
import { isNotFound, isTaken } from '../errors/classify.ts'
import { ACCOUNT_PATH, conversation, ORIGIN, testClient } from '../fixtures.ts'

const id = asId<ConversationId>(15)
const ids = {
  inboxId: asId<InboxId>(7),
  contactId: asId<ContactId>(42),
  sourceId: asId<SourceId>('5511987654321'),
}
const { contact_inbox, ...restConversation } = conversation
const { conversations } = testClient()
const server = () => nock(`${ORIGIN}${ACCOUNT_PATH}`)

useNock()

describe('create', () => {
  it('sends all three ids', async () => {
    server()
      .post('/conversations', {
        inbox_id: 7,
        contact_id: 42,
        source_id: '5511987654321',
        status: 'open',
        additional_attributes: { wa_chat_jid: 'x' },
      })
      .reply(200, { ...restConversation, messages: [] })
    const created = await conversations.create({
      ...ids,
      status: 'open',
      additionalAttributes: { wa_chat_jid: 'x' },
    })
    expect(created).toMatchObject({ id: 15, inboxId: 7, sourceId: null, contact: { id: 42 } })
  })

  it('tells a source id of another contact', async () => {
    server().post('/conversations').reply(422, { error: 'source_id should be unique' })
    const error = await conversations.create(ids).catch((reason: unknown) => reason)
    expect(isTaken(error, 'source_id')).toBe(true)
  })

  it('is unknown after a statement timeout', async () => {
    const error = 'The request took too long to complete. Please try again.'
    server().post('/conversations').reply(422, { error })
    await expect(conversations.create(ids)).rejects.toBeInstanceOf(OutcomeUnknownError)
  })
})

describe('reading', () => {
  it('gets one, and knows when it is gone', async () => {
    server().get('/conversations/15').reply(200, restConversation)
    expect(await conversations.get(id)).toMatchObject({
      status: 'open',
      sourceId: '5511987654321',
      agentLastSeenAt: 1785247502_000,
      lastMessageId: 1204,
    })
    server().get('/conversations/15').reply(404, { error: 'Resource could not be found' })
    const error = await conversations.get(id).catch((reason: unknown) => reason)
    expect(isNotFound(error)).toBe(true)
  })

  it('lists what changed lately', async () => {
    server()
      .get('/conversations')
      .query({ inbox_id: 7, status: 'all', updated_within: 3600 })
      .reply(200, { data: { meta: { all_count: 1 }, payload: [restConversation] } })
    const query = { inboxId: ids.inboxId, status: 'all', updatedWithin: 3600 } as const
    expect(await conversations.page(query)).toMatchObject({ found: [{ id: 15 }], unread: [] })
  })

  it('leaves out what it cannot read, and tells its number', async () => {
    const payload = [{ id: 16 }, null, restConversation, { id: 'x' }, { id: 17, inbox_id: 7 }]
    server().get('/conversations').reply(200, { data: { payload } })
    expect(await conversations.page({})).toMatchObject({ found: [{ id: 15 }], unread: [16, 17] })
  })

  it('is transient when the server fails', async () => {
    server().get('/conversations').reply(502, '<html>Bad Gateway</html>')
    await expect(conversations.page({})).rejects.toBeInstanceOf(TransientError)
  })
})

describe('changing', () => {
  const success = { meta: {}, payload: { success: true } }
  it.each([
    ['toggle_status', { status: 'resolved' }, () => conversations.toggleStatus(id, 'resolved')],
    [
      'toggle_typing_status',
      { typing_status: 'on', is_private: false },
      () => conversations.toggleTyping(id, true),
    ],
    [
      'toggle_typing_status',
      { typing_status: 'off', is_private: true },
      () => conversations.toggleTyping(id, false, true),
    ],
    ['update_last_seen', '', () => conversations.updateLastSeen(id)],
    ['assignments', { assignee_id: 5 }, () => conversations.assign(id, { agentId: 5 })],
    ['assignments', { assignee_id: null }, () => conversations.assign(id, { agentId: null })],
    [
      'assignments',
      { assignee_id: 3, assignee_type: 'AgentBot' },
      () => conversations.assign(id, { botId: 3 }),
    ],
    ['assignments', { team_id: 2 }, () => conversations.assign(id, { teamId: 2 })],
  ])('%s %j', async (path, body, change) => {
    server().post(`/conversations/15/${path}`, body).reply(200, success)
    await expect(change()).resolves.toBeUndefined()
  })

  it('replaces or merges custom attributes', async () => {
    const answer = { custom_attributes: { a: 1 } }
    server().post('/conversations/15/custom_attributes', answer).reply(200, answer)
    server()
      .post('/conversations/15/custom_attributes', { ...answer, merge: true })
      .reply(200, answer)
    expect(await conversations.setCustomAttributes(id, { a: 1 })).toEqual({ a: 1 })
    expect(await conversations.setCustomAttributes(id, { a: 1 }, { merge: true })).toEqual({ a: 1 })
  })

  it('reads and sets labels', async () => {
    server()
      .get('/conversations/15/labels')
      .reply(200, { payload: ['vip'] })
    server()
      .post('/conversations/15/labels', { labels: ['a'] })
      .reply(200, { payload: ['a'] })
    expect(await conversations.labels.get(id)).toEqual(['vip'])
    expect(await conversations.labels.set(id, ['a'])).toEqual(['a'])
  })
})
