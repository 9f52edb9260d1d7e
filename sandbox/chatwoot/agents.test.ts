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

test('replies with quote, note, files and rich content', async () => {
  const { conversationId } = await startConversation(standIn)
  const agent = standIn.agent()
  const first = await agent.reply(conversationId, 'one')
  const second = await agent.reply(conversationId, 'two', {
    inReplyTo: first.id,
    contentType: 'input_select',
    contentAttributes: { items: [{ title: 'A', value: 'a' }] },
    attachments: [{ filename: 'a.pdf', contentType: 'application/pdf', bytes: Buffer.from('x') }],
  })
  expect(second).toMatchObject({
    sender: { type: 'User', id: agent.user.id },
    contentType: 'input_select',
    contentAttributes: { in_reply_to: first.id, items: [{ title: 'A', value: 'a' }] },
    attachments: [{ fileType: 'file', filename: 'a.pdf' }],
    sourceId: null,
  })
  expect((await agent.reply(conversationId, 'n', { private: true })).private).toBe(true)
})

test('the editor writes single line breaks with a backslash, the mobile app does not', async () => {
  const { conversationId } = await startConversation(standIn)
  const agent = standIn.agent()
  expect((await agent.reply(conversationId, 'a\nb\n\nc')).content).toBe('a\\\nb\n\nc')
  expect((await agent.reply(conversationId, 'a\nb', { plain: true })).content).toBe('a\nb')
})

test('a new number starts with a random source id, a known contact with its own', async () => {
  const { inboxId, contactId, source } = await startConversation(standIn)
  const agent = standIn.agent()
  const fresh = await agent.startConversation({ inboxId, phone: '+15550001111', text: 'Hi' })
  const contact = standIn.contacts().find(({ id }) => id === fresh.contactId)!
  expect(contact.phoneNumber).toBe('+15550001111')
  const sourceOf = async (id: number) =>
    (await clientOf(standIn)('GET', `contacts/${id}`)).body.payload.contact_inboxes[0].source_id
  expect(await sourceOf(contact.id)).toMatch(/^[0-9a-f-]{36}$/)
  const known = await agent.startConversation({ inboxId, contactId, text: 'Hi' })
  expect(known.id).not.toBe(fresh.id)
  expect(await sourceOf(contactId)).toBe(source)
  const again = await agent.startConversation({ inboxId, phone: '+15550001111', text: 'Hi' })
  expect(again.contactId).toBe(contact.id)
})

test('renames, merges and deletes', async () => {
  const { contactId } = await startConversation(standIn)
  const other = await startConversation(standIn, { phone: '+15550001111', source: 'two' })
  const agent = standIn.agent()
  agent.renameContact(contactId, 'Renamed')
  agent.mergeContacts(contactId, other.contactId)
  expect(standIn.contacts()).toMatchObject([{ id: contactId, name: 'Renamed' }])
  expect(standIn.conversations().map((row) => row.contactId)).toEqual([contactId, contactId])
  agent.deleteContact(contactId)
  expect([standIn.contacts(), standIn.conversations(), standIn.allMessages()]).toEqual([[], [], []])
})

test('agents of that name are made once', () => {
  const bruno = standIn.agent({ name: 'Bruno' })
  expect(standIn.agent({ name: 'Bruno' }).user.id).toBe(bruno.user.id)
  expect(standIn.agent().user.name).toBe('Ana Lima')
})

test('automation, template, survey and bot', async () => {
  const { conversationId } = await startConversation(standIn)
  const { automation } = standIn
  expect(await automation.text(conversationId, 'a')).toMatchObject({
    sender: null,
    messageType: 'outgoing',
    contentAttributes: { automation_rule_id: 1 },
  })
  expect(await automation.template(conversationId, 'b')).toMatchObject({
    sender: null,
    messageType: 'template',
  })
  const survey = automation.survey(conversationId)
  expect(survey).toMatchObject({ contentType: 'input_csat', messageType: 'template' })
  expect(survey.content).toContain(`${standIn.url}/survey/responses/`)
  expect((await automation.botReply(conversationId, 'c')).sender).toMatchObject({
    type: 'AgentBot',
  })
})

test('the greeting follows the first incoming message only, the survey follows resolving', async () => {
  const { conversationId, inboxId } = await startConversation(standIn)
  const call = clientOf(standIn)
  await call('PATCH', `inboxes/${inboxId}`, {
    greeting_enabled: true,
    greeting_message: 'Welcome',
    csat_survey_enabled: true,
  })
  const incoming = { content: 'a', message_type: 'incoming' }
  await call('POST', `conversations/${conversationId}/messages`, incoming)
  await call('POST', `conversations/${conversationId}/messages`, incoming)
  standIn.agent().resolve(conversationId)
  expect(standIn.messages(conversationId).map(({ messageType }) => messageType)).toEqual([
    'incoming',
    'template',
    'incoming',
    'activity',
    'template',
  ])
})

test('what an agent does is no API call', async () => {
  const { conversationId } = await startConversation(standIn)
  const before = standIn.calls.length
  await standIn.agent().reply(conversationId, 'a')
  expect(standIn.calls).toHaveLength(before)
})
