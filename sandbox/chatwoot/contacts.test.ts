import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation, type TestClient } from './test-support.ts'

let standIn: ChatwootStandIn
let call: TestClient
beforeEach(async () => {
  standIn = await startChatwootStandIn()
  call = clientOf(standIn)
})
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

const create = (body: object) => call('POST', 'contacts', body)

test('the answer holds the contact and its contact inbox', async () => {
  const inbox_id = standIn.inboxes()[0]!.id
  const { status, body } = await create({
    inbox_id,
    source_id: 's1',
    name: 'Maria',
    email: 'A@B.co',
  })
  expect(status).toBe(200)
  expect(body.payload.contact).toMatchObject({
    name: 'Maria',
    email: 'a@b.co',
    contact_inboxes: [{ source_id: 's1', inbox: { id: inbox_id } }],
  })
  expect(body.payload.contact_inbox).toMatchObject({ source_id: 's1', inbox: { id: inbox_id } })
  const plain = await create({ name: 'No inbox' })
  expect(plain.body.payload.contact_inbox).toEqual({ inbox: null, source_id: null })
})

test.each([
  [{ phone_number: '+15550001111' }, 'Phone number has already been taken', ['phone_number']],
  [{ identifier: 'x@lid' }, 'Identifier has already been taken', ['identifier']],
  [{ email: 'A@b.co' }, 'Email has already been taken', ['email']],
  [
    { identifier: 'x@lid', phone_number: '+15550001111' },
    'Identifier has already been taken, Phone number has already been taken',
    ['identifier', 'phone_number'],
  ],
  [{ phone_number: '15550001111' }, 'Phone number should be in e164 format', ['phone_number']],
  [{ name: 'x'.repeat(256) }, 'Name is too long (maximum is 255 characters)', ['name']],
])('refuses %j', async (fields, message, attributes) => {
  await create({ phone_number: '+15550001111', identifier: 'x@lid', email: 'a@b.co' })
  const { status, body } = await create(fields)
  expect([status, body]).toEqual([422, { message, attributes }])
})

test('another account may have the same number', async () => {
  standIn.addInbox({ name: 'Other', accountId: 2 })
  await create({ phone_number: '+15550001111' })
  const other = clientOf(standIn, standIn.adminToken, 2)
  expect((await other('POST', 'contacts', { phone_number: '+15550001111' })).status).toBe(200)
})

test('a taken source id is 500 and rolls the contact back', async () => {
  const { inboxId, source } = await startConversation(standIn)
  const before = standIn.contacts().length
  const { status, body } = await create({ inbox_id: inboxId, source_id: source, name: 'Other' })
  expect([status, body]).toEqual([500, { status: 500, error: 'Internal Server Error' }])
  expect(standIn.contacts()).toHaveLength(before)
})

test('update merges attributes key by key and leaves the rest alone', async () => {
  const { body } = await create({ name: 'Maria', custom_attributes: { a: 1, b: 2 } })
  const { id } = body.payload.contact
  const updated = await call('PATCH', `contacts/${id}`, { custom_attributes: { b: 3 } })
  expect(updated.body.payload).toMatchObject({ name: 'Maria', custom_attributes: { a: 1, b: 3 } })
  const destroyed = await call('POST', `contacts/${id}/destroy_custom_attributes`, {
    custom_attributes: ['a'],
  })
  expect(destroyed.body.payload.custom_attributes).toEqual({ b: 3 })
})

test('found by source id without a wrapper, or 404 with nothing', async () => {
  const { inboxId, contactId, source } = await startConversation(standIn)
  const hit = await call('POST', 'contact_inboxes/filter', { inbox_id: inboxId, source_id: source })
  expect(hit.body.id).toBe(contactId)
  const miss = await call('POST', 'contact_inboxes/filter', { inbox_id: inboxId, source_id: 'x' })
  expect([miss.status, miss.body]).toEqual([404, undefined])
})

test('search finds parts, pages by fifteen and needs a question', async () => {
  for (let index = 10; index < 30; index += 1)
    await create({ name: `Person ${index}`, phone_number: `+155500000${index}` })
  const first = await call('GET', 'contacts/search?q=person')
  expect(first.body.meta).toEqual({ count: 15, current_page: 1, has_more: true })
  const second = await call('GET', 'contacts/search?q=person&page=2')
  expect(second.body.meta).toEqual({ count: 5, current_page: 2, has_more: false })
  const phone = await call('GET', 'contacts/search?q=%2B15550000017')
  expect(phone.body.payload).toHaveLength(1)
  expect((await call('GET', 'contacts/search')).status).toBe(422)
})

test('filter counts all and skips contacts without any address', async () => {
  await create({ name: 'Maria' })
  await create({ name: 'Maria', identifier: 'm@lid' })
  const payload = [
    { attribute_key: 'name', filter_operator: 'equal_to', values: ['maria'], query_operator: null },
  ]
  const { body } = await call('POST', 'contacts/filter', { payload })
  expect(body.meta.count).toBe(1)
  expect(body.payload[0].identifier).toBe('m@lid')
})

test('contact inboxes are idempotent for their contact only', async () => {
  const { inboxId, contactId, source } = await startConversation(standIn)
  const path = `contacts/${contactId}/contact_inboxes`
  const again = await call('POST', path, { inbox_id: inboxId, source_id: source })
  expect([again.status, again.body.source_id]).toEqual([200, source])
  const { body } = await create({ name: 'Other' })
  const other = await call('POST', `contacts/${body.payload.contact.id}/contact_inboxes`, {
    inbox_id: inboxId,
    source_id: source,
  })
  expect(other.status).toBe(500)
})

test('contactable inboxes give the known source id, else a new UUID each time', async () => {
  const { contactId, source } = await startConversation(standIn)
  const known = await call('GET', `contacts/${contactId}/contactable_inboxes`)
  expect(known.body.payload[0].source_id).toBe(source)
  const { body } = await create({ name: 'Other' })
  const path = `contacts/${body.payload.contact.id}/contactable_inboxes`
  const [one, two] = [await call('GET', path), await call('GET', path)]
  expect(one.body.payload[0].source_id).toMatch(/^[0-9a-f-]{36}$/)
  expect(one.body.payload[0].source_id).not.toBe(two.body.payload[0].source_id)
})

test('merging moves everything to the base and deletes the other', async () => {
  const base = (await create({ name: 'Base', custom_attributes: { a: 1 } })).body.payload.contact.id
  const { contactId, conversationId, source } = await startConversation(standIn)
  const merged = await call('POST', 'actions/contact_merge', {
    base_contact_id: base,
    mergee_contact_id: contactId,
  })
  expect(merged.body).toMatchObject({
    id: base,
    name: 'Base',
    phone_number: '+5511987654321',
  })
  expect(merged.body.contact_inboxes).toBeUndefined()
  const shown = await call('GET', `contacts/${base}`)
  expect(shown.body.payload.contact_inboxes).toMatchObject([{ source_id: source }])
  const conversation = await call('GET', `conversations/${conversationId}`)
  expect(conversation.body.meta.sender.id).toBe(base)
  expect((await call('GET', `contacts/${contactId}`)).status).toBe(404)
})

test('a deleted contact takes its conversations along', async () => {
  const { contactId, conversationId, inboxId, source } = await startConversation(standIn)
  expect((await call('DELETE', `contacts/${contactId}`)).body).toBeUndefined()
  expect((await call('GET', `conversations/${conversationId}`)).status).toBe(404)
  const lookup = await call('POST', 'contact_inboxes/filter', {
    inbox_id: inboxId,
    source_id: source,
  })
  expect(lookup.status).toBe(404)
})

test('labels are replaced', async () => {
  const { contactId } = await startConversation(standIn)
  await call('POST', `contacts/${contactId}/labels`, { labels: ['a', 'b'] })
  const { body } = await call('POST', `contacts/${contactId}/labels`, { labels: ['c'] })
  expect(body).toEqual({ payload: ['c'] })
})

test('an avatar is uploaded and checked at once', async () => {
  const { contactId } = await startConversation(standIn)
  const form = (type: string) => {
    const data = new FormData()
    data.append('avatar', new File(['picture'], 'me.png', { type }))
    return data
  }
  const good = await call('PUT', `contacts/${contactId}`, form('image/png'))
  expect((await fetch(good.body.payload.thumbnail)).headers.get('content-type')).toBe('image/png')
  expect((await call('PUT', `contacts/${contactId}`, form('text/plain'))).status).toBe(422)
})

test('an avatar address is fetched later and not twice', async () => {
  const { contactId } = await startConversation(standIn)
  const url = `${standIn.url}/health`
  await call('PUT', `contacts/${contactId}`, { avatar_url: url })
  await standIn.waitFor(() => standIn.contacts()[0]?.additionalAttributes.avatar_url_hash)
  await call('PUT', `contacts/${contactId}`, { avatar_url: url })
  expect(standIn.contacts()[0]?.avatarBlobId).toBeNull()
  expect(standIn.countOf({ path: /health/ })).toBe(1)
})
