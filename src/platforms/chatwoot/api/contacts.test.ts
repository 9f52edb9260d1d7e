import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { OutcomeUnknownError, TransientError } from '../../../kernel/errors.ts'
import { asId, type ContactId, type InboxId, type SourceId } from '../../../kernel/ids.ts'
import { useNock } from '../../upstream/testing/use-nock.ts'
import { isTaken } from '../errors/classify.ts'
import { ACCOUNT_PATH, contact, conversation, ORIGIN, TOKEN, testClient } from '../fixtures.ts'

const maria = asId<ContactId>(42)
const inbox = asId<InboxId>(7)
const source = asId<SourceId>('5511987654321')
const { contacts } = testClient()
const server = () => nock(`${ORIGIN}${ACCOUNT_PATH}`, { reqheaders: { 'api-access-token': TOKEN } })

useNock()

describe('create', () => {
  it('makes contact and address in one call', async () => {
    server()
      .post('/contacts', {
        name: 'Maria Souza',
        phone_number: '+5511987654321',
        custom_attributes: { wa_jid: 'x' },
        inbox_id: 7,
        source_id: '5511987654321',
      })
      .reply(200, {
        payload: { contact, contact_inbox: { inbox: { id: 7 }, source_id: '5511987654321' } },
      })
    const created = await contacts.create({
      name: 'Maria Souza',
      phoneNumber: '+5511987654321',
      customAttributes: { wa_jid: 'x' },
      inboxId: inbox,
      sourceId: source,
    })
    expect(created).toMatchObject({ contact: { id: 42, name: 'Maria Souza' }, sourceId: source })
  })

  it('has no address without an inbox', async () => {
    server()
      .post('/contacts')
      .reply(200, { payload: { contact, contact_inbox: { inbox: null, source_id: null } } })
    expect(await contacts.create({ identifier: 'x' })).not.toHaveProperty('sourceId')
  })

  it('says which value another contact has', async () => {
    server()
      .post('/contacts')
      .reply(422, { message: 'Identifier has already been taken', attributes: ['identifier'] })
    const error = await contacts.create({ identifier: 'x' }).catch((reason: unknown) => reason)
    expect(isTaken(error, 'identifier')).toBe(true)
    expect(isTaken(error, 'phone_number')).toBe(false)
  })

  it.each([
    ['a source id of another contact', 500, { status: 500, error: 'Internal Server Error' }],
    ['a cut-off answer', 200, '{"payload": {"contact": {'],
    ['a page instead of JSON', 200, '<html>Sign in</html>'],
  ])('is unknown after %s', async (_, status, body) => {
    server().post('/contacts').reply(status, body)
    await expect(contacts.create({ name: 'x' })).rejects.toBeInstanceOf(OutcomeUnknownError)
  })

  it('is unknown when the connection breaks', async () => {
    server()
      .post('/contacts')
      .replyWithError(Object.assign(new Error(), { code: 'ECONNRESET' }))
    await expect(contacts.create({ name: 'x' })).rejects.toBeInstanceOf(OutcomeUnknownError)
  })
})

describe('finding', () => {
  it('reads the bare contact of a look-up by address', async () => {
    server()
      .post('/contact_inboxes/filter', { inbox_id: 7, source_id: '5511987654321' })
      .reply(200, contact)
    expect(await contacts.findBySource(inbox, source)).toMatchObject({
      id: 42,
      contactInboxes: [{ inboxId: 7, sourceId: source }],
    })
  })

  it('takes the empty 404 for nobody', async () => {
    server().post('/contact_inboxes/filter').reply(404)
    expect(await contacts.findBySource(inbox, source)).toBeUndefined()
  })

  it('does not take the 404 of a proxy for nobody', async () => {
    server().post('/contact_inboxes/filter').reply(404, '404 page not found')
    await expect(contacts.findBySource(inbox, source)).rejects.toBeInstanceOf(TransientError)
  })

  it('encodes the plus of a number', async () => {
    let asked = ''
    server()
      .get(/search/)
      .reply(200, (request: Request) => {
        asked = request.url
        return { meta: { count: 1, has_more: false }, payload: [contact] }
      })
    const page = await contacts.search('+5511987654321')
    expect(asked).toContain('q=%2B5511987654321')
    expect(page).toMatchObject({ contacts: [{ id: 42 }], hasMore: false })
  })

  it.each([
    [{ has_more: true }, 1, true],
    [{ count: 15 }, 15, true],
    [{ count: 3 }, 3, false],
    [undefined, 0, false],
  ])('with meta %j and %i contacts there is more: %s', async (meta, size, hasMore) => {
    const payload = Array.from({ length: size }, () => contact)
    server().get('/contacts/search').query({ q: 'm', page: 2 }).reply(200, { meta, payload })
    expect(await contacts.search('m', 2)).toMatchObject({ hasMore })
  })

  it('joins conditions and leaves the last one open', async () => {
    server()
      .post('/contacts/filter?page=1', {
        payload: [
          {
            attribute_key: 'phone_number',
            filter_operator: 'equal_to',
            values: ['+5511987654321'],
            query_operator: 'OR',
          },
          {
            attribute_key: 'identifier',
            filter_operator: 'equal_to',
            values: ['x'],
            query_operator: null,
          },
        ],
      })
      .reply(200, { meta: { count: 1 }, payload: [contact] })
    const page = await contacts.filter([
      { key: 'phone_number', operator: 'equal_to', values: ['+5511987654321'], joinedBy: 'OR' },
      { key: 'identifier', operator: 'equal_to', values: ['x'] },
    ])
    expect(page.contacts).toHaveLength(1)
  })

  it.each([{}, { payload: null }, { error: null }])(
    'does not take %j for an empty page',
    async (body) => {
      server().post('/contacts/filter?page=1').reply(200, body)
      await expect(
        contacts.filter([{ key: 'name', operator: 'contains', values: ['x'] }]),
      ).rejects.toMatchObject({ code: 'chatwoot.unreadable_answer' })
    },
  )
})

describe('one contact', () => {
  it('reads and updates', async () => {
    server().get('/contacts/42').reply(200, { payload: contact })
    server().put('/contacts/42', { name: 'Maria', blocked: true }).reply(200, { payload: contact })
    expect(await contacts.get(maria)).toMatchObject({ phoneNumber: '+5511987654321' })
    expect(await contacts.update(maria, { name: 'Maria', blocked: true })).toMatchObject({ id: 42 })
  })

  it('uploads a picture', async () => {
    server()
      .put(
        '/contacts/42',
        /name="avatar"; filename="a\.png"\r\nContent-Type: image\/png\r\n\r\nPNG\r\n/,
      )
      .matchHeader('content-type', /^multipart\/form-data; boundary=/)
      .reply(200, { payload: contact })
    const picture = new Blob(['PNG'], { type: 'image/png' })
    expect(await contacts.setAvatar(maria, picture, 'a.png')).toMatchObject({ id: 42 })
  })

  it('gives it an address', async () => {
    server()
      .post('/contacts/42/contact_inboxes', { inbox_id: 7, source_id: '5511987654321' })
      .reply(200, { source_id: '5511987654321', inbox: { id: 7 } })
    expect(await contacts.createContactInbox(maria, inbox, source)).toEqual({
      inboxId: 7,
      sourceId: source,
    })
  })

  it('lists its conversations and inboxes', async () => {
    const { contact_inbox, ...rest } = conversation
    server()
      .get('/contacts/42/conversations')
      .reply(200, { payload: [rest] })
    server()
      .get('/contacts/42/contactable_inboxes')
      .reply(200, { payload: [{ inbox: { id: 7 }, source_id: '5511987654321' }] })
    // REST answers have no contact_inbox; the newest message still knows the address.
    expect(await contacts.conversations(maria)).toMatchObject([{ id: 15, sourceId: source }])
    expect(await contacts.contactableInboxes(maria)).toEqual([{ inboxId: 7, sourceId: source }])
  })

  it.each([
    ['bare', contact],
    ['wrapped', { payload: contact }],
  ])('merges, answer %s', async (_, body) => {
    server()
      .post('/actions/contact_merge', { base_contact_id: 42, mergee_contact_id: 77 })
      .reply(200, body)
    expect(await contacts.merge(maria, asId<ContactId>(77))).toMatchObject({ id: 42 })
  })

  it('removes', async () => {
    server().delete('/contacts/42').reply(200)
    await expect(contacts.remove(maria)).resolves.toBeUndefined()
  })
})
