import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { OutcomeUnknownError } from '../../../kernel/errors.ts'
import { asId, type InboxId } from '../../../kernel/ids.ts'
import { useNock } from '../../upstream/testing/use-nock.ts'
import { isTaken } from '../errors/classify.ts'
import { ACCOUNT_PATH, ORIGIN, testClient } from '../fixtures.ts'

const id = asId<InboxId>(7)
const raw = {
  id: 7,
  name: 'WhatsApp',
  channel_type: 'Channel::Api',
  webhook_url: 'https://bridge.example.com/webhooks/chatwoot/sales',
  inbox_identifier: 'f3QeVv6qk1sX8pQn3Zr2bT9d',
  lock_to_single_conversation: true,
  additional_attributes: {},
  hmac_token: 'never-copied',
  secret: 'signing-key',
}
const inbox = {
  id: 7,
  name: 'WhatsApp',
  channelType: 'Channel::Api',
  webhookUrl: raw.webhook_url,
  inboxIdentifier: raw.inbox_identifier,
  lockToSingleConversation: true,
  additionalAttributes: {},
  secret: 'signing-key',
}
const { agents, inboxes, webhooks } = testClient()
const server = () => nock(`${ORIGIN}${ACCOUNT_PATH}`)

useNock()

describe('inboxes', () => {
  it('reads them, as administrator and as agent', async () => {
    server()
      .get('/inboxes')
      .reply(200, { payload: [raw] })
    const { secret, hmac_token, ...seenByAgent } = raw
    server().get('/inboxes/7').reply(200, seenByAgent)
    expect(await inboxes.list()).toEqual([inbox])
    expect(await inboxes.get(id)).not.toHaveProperty('secret')
  })

  it('creates one of kind API', async () => {
    server()
      .post('/inboxes', {
        name: 'WhatsApp',
        lock_to_single_conversation: true,
        channel: { type: 'api', webhook_url: raw.webhook_url },
      })
      .reply(200, raw)
    const fields = {
      name: 'WhatsApp',
      webhookUrl: raw.webhook_url,
      lockToSingleConversation: true,
    }
    expect(await inboxes.create(fields)).toEqual(inbox)
  })

  it('updates only what is given', async () => {
    server().patch('/inboxes/7', { name: 'New' }).reply(200, raw)
    server()
      .patch('/inboxes/7', { channel: { webhook_url: 'https://x.example' } })
      .reply(200, raw)
    await inboxes.update(id, { name: 'New' })
    await inboxes.update(id, { webhookUrl: 'https://x.example' })
  })

  it('resets the secret once', async () => {
    server()
      .post('/inboxes/7/reset_secret')
      .reply(200, { ...raw, secret: 'next' })
    expect(await inboxes.resetSecret(id)).toMatchObject({ secret: 'next' })
    server().post('/inboxes/7/reset_secret').reply(502, '<html></html>')
    await expect(inboxes.resetSecret(id)).rejects.toBeInstanceOf(OutcomeUnknownError)
  })

  it('adds members', async () => {
    server()
      .post('/inbox_members', { inbox_id: 7, user_ids: [5, 6] })
      .reply(200, { payload: [] })
    await expect(inboxes.members.add(id, [5, 6])).resolves.toBeUndefined()
  })

  it('lists members, who are agents of the account', async () => {
    const ana = { id: 5, name: 'Ana Lima', email: 'ana@example.com', role: 'agent' }
    const asSent = { ...ana, account_id: 1, confirmed: true, custom_role_id: null }
    server()
      .get('/inbox_members/7')
      .reply(200, { payload: [asSent] })
    server()
      .get('/agents')
      .reply(200, [asSent, { id: 6, name: null, role: 'administrator' }])
    expect(await inboxes.members.list(id)).toEqual([ana])
    expect(await agents.list()).toEqual([
      ana,
      { id: 6, name: '', email: '', role: 'administrator' },
    ])
  })
})

describe('account webhooks', () => {
  const webhook = {
    id: 11,
    url: 'https://bridge.example.com/x',
    subscriptions: ['contact_created'],
  }

  it('lists, creates, updates and removes', async () => {
    const fields = { url: webhook.url, subscriptions: ['contact_created'] as const }
    const answer = { payload: { webhook: { ...webhook, account_id: 1, secret: 's' } } }
    server()
      .get('/webhooks')
      .reply(200, { payload: { webhooks: [webhook] } })
    server().post('/webhooks', { webhook: fields }).reply(200, answer)
    server()
      .patch('/webhooks/11', { webhook: { name: 'n' } })
      .reply(200, answer)
    server().delete('/webhooks/11').reply(200)
    expect(await webhooks.list()).toEqual([webhook])
    expect(await webhooks.create(fields)).toEqual({ ...webhook, secret: 's' })
    expect(await webhooks.update(11, { name: 'n' })).toMatchObject({ id: 11 })
    await expect(webhooks.remove(11)).resolves.toBeUndefined()
  })

  it('tells that an address is registered already', async () => {
    server()
      .post('/webhooks')
      .reply(422, { message: 'Url has already been taken', attributes: ['url'] })
    const error = await webhooks
      .create({ url: webhook.url, subscriptions: ['contact_created'] })
      .catch((reason: unknown) => reason)
    expect(isTaken(error, 'url')).toBe(true)
  })
})
