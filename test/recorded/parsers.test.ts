import { describe, expect, it } from 'vitest'
import { BridgeError } from '../../src/kernel/errors.ts'
import {
  type AccountId,
  asId,
  type ContactId,
  type ConversationId,
  type InboxId,
  type MessageId,
  type SourceId,
} from '../../src/kernel/ids.ts'
import {
  type ChatwootClient,
  createChatwootClient,
  isTaken,
} from '../../src/platforms/chatwoot/client.ts'
import { type ChatwootEvent, parseChatwootWebhook } from '../../src/platforms/chatwoot/events.ts'
import { RECORDED_VERSIONS, type RecordedBody, recordedBodies } from './recorded.ts'
import { recordedRefusals } from './refusals.ts'

const CONTACT = asId<ContactId>(1)
const CONVERSATION = asId<ConversationId>(1)
const INBOX = asId<InboxId>(1)
const MESSAGE = asId<MessageId>(1)
const SOURCE = asId<SourceId>('12025550101')
const NEW_CONVERSATION = { inboxId: INBOX, contactId: CONTACT, sourceId: SOURCE }

/** The call of the client whose answer a body is, by what its name begins with; the longest beginning counts. */
const CALLS: Readonly<Record<string, (client: ChatwootClient) => Promise<unknown>>> = {
  'api.agents.GET': (client) => client.agents.list(),
  'api.assignments': (client) => client.conversations.assign(CONVERSATION, { agentId: 2 }),
  'api.contact_inboxes.POST': (client) =>
    client.contacts.createContactInbox(CONTACT, INBOX, SOURCE),
  'api.contact_inboxes.filter': (client) => client.contacts.findBySource(INBOX, SOURCE),
  'api.contact_merge': (client) => client.contacts.merge(CONTACT, CONTACT),
  'api.contacts.DELETE': (client) => client.contacts.remove(CONTACT),
  'api.contacts.GET-show': (client) => client.contacts.get(CONTACT),
  'api.contacts.POST': (client) => client.contacts.create({ name: 'Maria' }),
  'api.contacts.PUT': (client) => client.contacts.update(CONTACT, { name: 'Maria' }),
  'api.contacts.contact_inboxes': (client) =>
    client.contacts.createContactInbox(CONTACT, INBOX, SOURCE),
  'api.contacts.contactable_inboxes': (client) => client.contacts.contactableInboxes(CONTACT),
  'api.contacts.conversations': (client) => client.contacts.conversations(CONTACT),
  'api.contacts.filter': (client) => client.contacts.filter([]),
  'api.contacts.search': (client) => client.contacts.search('Maria'),
  'api.conversations.DELETE': (client) => client.conversations.toggleTyping(CONVERSATION, true),
  'api.conversations.GET-index': (client) => client.conversations.page({}),
  'api.conversations.GET-show': (client) => client.conversations.get(CONVERSATION),
  'api.conversations.POST': (client) => client.conversations.create(NEW_CONVERSATION),
  'api.conversations.mute': (client) => client.conversations.toggleTyping(CONVERSATION, true),
  'api.conversations.unmute': (client) => client.conversations.toggleTyping(CONVERSATION, true),
  'api.custom_attributes': (client) => client.conversations.setCustomAttributes(CONVERSATION, {}),
  'api.errors.agent-creates-inbox': (client) => client.inboxes.create({ name: 'WhatsApp' }),
  'api.errors.bad-json': (client) => client.messages.create(CONVERSATION, text()),
  'api.errors.bad-message_type': (client) => client.messages.create(CONVERSATION, text()),
  'api.errors.bad-webhook-url': (client) => client.inboxes.update(INBOX, { name: 'WhatsApp' }),
  'api.errors.foreign-source_id': (client) => client.conversations.create(NEW_CONVERSATION),
  'api.errors.no-token': (client) => client.inboxes.list(),
  'api.errors.toggle-nonsense': (client) => client.conversations.toggleStatus(CONVERSATION, 'open'),
  'api.errors.unknown-contact': (client) => client.contacts.get(CONTACT),
  'api.errors.unknown-conversation': (client) => client.conversations.get(CONVERSATION),
  'api.errors.unknown-message': (client) =>
    client.messages.updateStatus(CONVERSATION, MESSAGE, { status: 'read' }),
  'api.errors.unknown-route': (client) => client.agents.list(),
  'api.errors.wrong-account': (client) => client.inboxes.list(),
  'api.errors.wrong-token': (client) => client.inboxes.list(),
  'api.inbox_members.GET': (client) => client.inboxes.members.list(INBOX),
  'api.inbox_members.POST': (client) => client.inboxes.members.add(INBOX, [2]),
  'api.inboxes.DELETE': (client) => client.webhooks.remove(1),
  'api.inboxes.GET-show': (client) => client.inboxes.get(INBOX),
  'api.inboxes.PATCH': (client) => client.inboxes.update(INBOX, { name: 'WhatsApp' }),
  'api.inboxes.POST': (client) => client.inboxes.create({ name: 'WhatsApp' }),
  'api.labels.POST': (client) => client.conversations.labels.set(CONVERSATION, ['vip']),
  'api.messages.DELETE': (client) => client.messages.remove(CONVERSATION, MESSAGE),
  'api.messages.GET': (client) => client.messages.page(CONVERSATION),
  'api.messages.PATCH': (client) =>
    client.messages.updateStatus(CONVERSATION, MESSAGE, { status: 'read' }),
  'api.messages.POST': (client) => client.messages.create(CONVERSATION, text()),
  'api.messages.retry': (client) =>
    client.messages.updateStatus(CONVERSATION, MESSAGE, { status: 'read' }),
  'api.profile.GET': (client) => client.profile(),
  'api.toggle_status': (client) => client.conversations.toggleStatus(CONVERSATION, 'open'),
  'api.toggle_typing_status': (client) => client.conversations.toggleTyping(CONVERSATION, true),
  'api.update_last_seen': (client) => client.conversations.updateLastSeen(CONVERSATION),
  'api.version.GET': (client) => client.version(),
  'api.webhooks.DELETE': (client) => client.webhooks.remove(1),
  'api.webhooks.POST': (client) =>
    client.webhooks.create({
      url: 'https://bridge.example.com',
      subscriptions: ['message_created'],
    }),
}

const text = () => ({ content: 'Hello', messageType: 'incoming' as const })

/** What the bridge makes of the answers that refuse something; the same in all releases. */
const REFUSED: Readonly<Record<string, string>> = {
  'api.contact_inboxes.POST.taken': 'TransientError chatwoot.server_error',
  'api.contact_inboxes.filter.nul': 'TransientError chatwoot.server_error',
  'api.contacts.POST.lone-surrogate': 'PermanentError chatwoot.refused',
  'api.contacts.POST.long-name': 'PermanentError chatwoot.invalid',
  'api.contacts.POST.nul': 'OutcomeUnknownError chatwoot.server_error',
  'api.contacts.POST.phone-taken': 'PermanentError chatwoot.invalid',
  'api.contacts.POST.source-taken': 'OutcomeUnknownError chatwoot.server_error',
  'api.errors.agent-creates-inbox': 'OperatorNeededError chatwoot.not_authorized',
  'api.errors.bad-json': 'PermanentError chatwoot.refused',
  'api.errors.bad-message_type': 'PermanentError chatwoot.invalid',
  'api.errors.foreign-source_id': 'PermanentError chatwoot.not_found',
  'api.errors.no-token': 'OperatorNeededError chatwoot.header_dropped',
  'api.errors.toggle-nonsense': 'TransientError chatwoot.server_error',
  'api.errors.unknown-contact': 'PermanentError chatwoot.not_found',
  'api.errors.unknown-conversation': 'PermanentError chatwoot.not_found',
  'api.errors.unknown-message': 'PermanentError chatwoot.not_found',
  'api.errors.unknown-route': 'PermanentError chatwoot.not_found',
  'api.errors.wrong-account': 'PermanentError chatwoot.not_found',
  'api.errors.wrong-token': 'OperatorNeededError chatwoot.bad_token',
  'api.messages.POST.incoming.lone-surrogate': 'PermanentError chatwoot.refused',
  'api.messages.POST.incoming.nul': 'PermanentError chatwoot.invalid',
  'api.messages.POST.incoming.too-long': 'PermanentError chatwoot.invalid',
}

/** The same of all that was refused to a client that does not ask for JSON, by what its request was. */
const REFUSED_REQUESTS: Readonly<Record<string, string>> = {
  'account.unknown': 'PermanentError chatwoot.not_found',
  'agent.creates-inbox': 'OperatorNeededError chatwoot.not_authorized',
  'contact.filter-bad': 'PermanentError chatwoot.invalid',
  'contact.lone-surrogate': 'PermanentError chatwoot.refused',
  'contact.name-long': 'PermanentError chatwoot.invalid',
  'contact.nul-in-name': 'OutcomeUnknownError chatwoot.server_error',
  'contact.phone-invalid': 'PermanentError chatwoot.invalid',
  'contact.phone-taken': 'PermanentError chatwoot.invalid',
  'contact.source_id-taken': 'OutcomeUnknownError chatwoot.server_error',
  'contact.unknown': 'PermanentError chatwoot.not_found',
  'contact_inbox.source_id-taken': 'TransientError chatwoot.server_error',
  'contact_inboxes.filter-nul': 'TransientError chatwoot.server_error',
  'conversation.foreign-source_id': 'PermanentError chatwoot.source_id_taken',
  'conversation.toggle-bad': 'TransientError chatwoot.server_error',
  'conversation.unknown': 'PermanentError chatwoot.not_found',
  'conversation.unknown-inbox': 'PermanentError chatwoot.not_found',
  'delete.unknown-message': 'PermanentError chatwoot.not_found',
  'message.attachments-empty-string': 'PermanentError chatwoot.invalid',
  'message.bad-content_type': 'PermanentError chatwoot.invalid',
  'message.bad-json': 'PermanentError chatwoot.refused',
  'message.bad-message_type': 'PermanentError chatwoot.invalid',
  'message.lone-surrogate': 'PermanentError chatwoot.refused',
  'message.nul-in-content': 'PermanentError chatwoot.invalid',
  'message.nul-in-source_id': 'PermanentError chatwoot.invalid',
  'message.source_id-long': 'PermanentError chatwoot.invalid',
  'message.too-long': 'PermanentError chatwoot.invalid',
  'message.unknown-conversation': 'PermanentError chatwoot.not_found',
  // A page that may be the proxy's.
  'route.method': 'TransientError chatwoot.foreign_answer',
  'route.unknown': 'TransientError chatwoot.foreign_answer',
  'status.unknown-message': 'PermanentError chatwoot.not_found',
  'token.none': 'OperatorNeededError chatwoot.header_dropped',
  'token.wrong': 'OperatorNeededError chatwoot.bad_token',
  update_last_seen: 'TransientError chatwoot.server_error',
}

/** The calls of the client that make such requests, by what their names begin with. */
const REFUSED_CALLS: Readonly<Record<string, (client: ChatwootClient) => Promise<unknown>>> = {
  account: (client) => client.inboxes.list(),
  agent: (client) => client.inboxes.create({ name: 'WhatsApp' }),
  contact: (client) => client.contacts.create({ name: 'Maria' }),
  'contact.avatar_url': (client) => client.contacts.update(CONTACT, { name: 'Maria' }),
  'contact.filter': (client) => client.contacts.filter([]),
  'contact.unknown': (client) => client.contacts.get(CONTACT),
  contact_inbox: (client) => client.contacts.createContactInbox(CONTACT, INBOX, SOURCE),
  contact_inboxes: (client) => client.contacts.findBySource(INBOX, SOURCE),
  contact_merge: (client) => client.contacts.merge(CONTACT, CONTACT),
  conversation: (client) => client.conversations.create(NEW_CONVERSATION),
  'conversation.toggle': (client) => client.conversations.toggleStatus(CONVERSATION, 'open'),
  'conversation.unknown': (client) => client.conversations.get(CONVERSATION),
  'conversation.unknown-inbox': (client) => client.conversations.create(NEW_CONVERSATION),
  delete: (client) => client.messages.remove(CONVERSATION, MESSAGE),
  inbox: (client) => client.inboxes.update(INBOX, { name: 'WhatsApp' }),
  message: (client) => client.messages.create(CONVERSATION, text()),
  route: (client) => client.agents.list(),
  status: (client) => client.messages.updateStatus(CONVERSATION, MESSAGE, { status: 'read' }),
  token: (client) => client.inboxes.list(),
  update_last_seen: (client) => client.conversations.updateLastSeen(CONVERSATION),
}

type RecordedAnswer = Pick<RecordedBody, 'name' | 'status'> & {
  body?: unknown
  contentType?: string | undefined
}

/** A client whose every request gets the recorded answer. */
function clientThatGets({ status = 200, body, contentType }: RecordedAnswer): ChatwootClient {
  const type = contentType === undefined ? {} : { 'content-type': contentType }
  const answer = () =>
    Promise.resolve(
      body === undefined || typeof body === 'string'
        ? new Response(body, { status, headers: type })
        : Response.json(body, { status, headers: type }),
    )
  return createChatwootClient({
    account: asId<AccountId>('sales'),
    baseUrl: 'https://chat.example.com',
    accountId: 1,
    apiAccessToken: 'invented-token',
    fetch: answer,
  })
}

/** What the bridge makes of an answer: its own shape, or the code of the error. */
async function outcomeOf(recorded: RecordedAnswer, calls = CALLS): Promise<unknown> {
  const begin = Object.keys(calls)
    .filter((each) => recorded.name.startsWith(each))
    .toSorted((left, right) => right.length - left.length)[0]
  const call = begin === undefined ? undefined : calls[begin]
  if (call === undefined) throw new Error(`No call for ${recorded.name}`)
  return await call(clientThatGets(recorded)).catch((error: unknown) => {
    if (error instanceof BridgeError) return `${error.name} ${error.code}`
    throw error
  })
}

/** The parts of a body that the bridge reads, as they are spelled on the wire. */
type Raw = { id: number; source_id: string | null; conversation: { id: number; inbox_id: number } }

/** Whether the name of a webhook says what the bridge reads in it. */
const TYPES: Readonly<Record<string, (event: ChatwootEvent) => unknown>> = {
  message_created: (event) => event.type === 'message' && event.action === 'created',
  message_updated: (event) => event.type === 'message' && event.action === 'updated',
  conversation_created: (event) => event.type === 'conversation' && event.action === 'created',
  conversation_updated: (event) => event.type === 'conversation' && event.action === 'updated',
  conversation_status_changed: (event) =>
    event.type === 'conversation' && event.action === 'status_changed',
  conversation_typing_on: (event) => event.type === 'typing' && event.on,
  conversation_typing_off: (event) => event.type === 'typing' && !event.on,
  contact_created: (event) => event.type === 'contact' && event.action === 'created',
  contact_updated: (event) => event.type === 'contact' && event.action === 'updated',
}

describe.each(RECORDED_VERSIONS)('Chatwoot %s as recorded', (version) => {
  const bodies = recordedBodies(version)
  const answers = bodies.filter(({ name }) => name.startsWith('api.'))
  const webhooks = bodies
    .filter(({ name }) => !name.startsWith('api.'))
    .map(({ name, body }) => ({ name, body: body as Raw, event: parseChatwootWebhook(body) }))
  const named = (name: string) => answers.find((answer) => answer.name === name) as RecordedBody
  const messages = webhooks.flatMap(({ name, body, event }) =>
    event.type === 'message' ? [{ name, body, event }] : [],
  )

  it('answers nothing that the bridge cannot read', async () => {
    for (const answer of answers) {
      // Nobody with this address is an answer, not a refusal.
      if (answer.name === 'api.contact_inboxes.filter.none') continue
      const outcome = await outcomeOf(answer)
      if ((answer.status ?? 200) >= 400) expect(outcome, answer.name).toBe(REFUSED[answer.name])
      else expect(outcome, answer.name).not.toBeTypeOf('string')
    }
    expect(await outcomeOf(named('api.contact_inboxes.filter.none'))).toBeUndefined()
  })

  it('refuses nothing that the bridge cannot decide on', async () => {
    for (const refusal of recordedRefusals(version)) {
      const { name, status, body } = refusal
      const outcome = await outcomeOf(refusal, REFUSED_CALLS)
      // Nobody with this address is an answer; of what was taken, some bodies were not kept.
      if (name === 'contact_inboxes.filter-none') expect(outcome).toBeUndefined()
      else if (status >= 400) expect(outcome, name).toBe(REFUSED_REQUESTS[name])
      else if (body !== undefined) expect(outcome, name).not.toBeTypeOf('string')
    }
  })

  it('names what is taken, so that it can be looked up', async () => {
    const client = clientThatGets(named('api.contacts.POST.phone-taken'))
    const error: unknown = await client.contacts.create({ name: 'Maria' }).catch((each) => each)
    expect(isTaken(error, 'phone_number')).toBe(true)
  })

  it('loses no element of a list', async () => {
    const lists = answers.filter(({ name }) => name.startsWith('api.messages.GET'))
    expect(lists).toHaveLength(3)
    for (const list of lists) {
      const page = await clientThatGets(list).messages.page(CONVERSATION)
      expect(page.messages, list.name).toHaveLength(page.size)
      expect(page.size, list.name).toBeGreaterThan(0)
    }
    const index = await clientThatGets(named('api.conversations.GET-index')).conversations.page({})
    expect(index.unread).toEqual([])
    expect(index.found.length).toBeGreaterThan(0)
  })

  it('tells whose conversation it is', async () => {
    const shown = await clientThatGets(named('api.conversations.GET-show')).conversations.get(
      CONVERSATION,
    )
    expect(shown.contact).toMatchObject({
      phoneNumber: '+12025550101',
      identifier: '12025550101@s.whatsapp.net',
    })
    expect(shown.sourceId).toBe('12025550101')
    expect(shown.additionalAttributes).toEqual({ wa_chat_jid: '12025550101' })
  })

  it('sends no webhook that the bridge does not know', () => {
    for (const { name, event } of webhooks)
      expect(TYPES[name.split('.')[1] ?? '']?.(event), name).toBe(true)
  })

  it('tells in every webhook of a message where and what it is', () => {
    expect(messages.length).toBeGreaterThan(30)
    for (const { name, body, event } of messages) {
      const [, , direction = ''] = name.split('.')
      expect(event, name).toMatchObject({
        id: body.id,
        sourceId: body.source_id,
        accountId: 1,
        conversationId: body.conversation.id,
        inboxId: body.conversation.inbox_id,
        messageType: direction === 'private' ? 'outgoing' : direction,
        private: direction === 'private',
      })
      if (direction === 'incoming') expect(event.sender?.kind, name).toBe('contact')
      if (direction === 'template') expect(event.sender, name).toBeNull()
    }
  })

  it('tells the files of a message with what is known of them', () => {
    const files = messages.flatMap(({ name, event }) =>
      event.attachments.map((file) => ({ name, file })),
    )
    expect(files.length).toBeGreaterThanOrEqual(10)
    for (const { name, file } of files) {
      expect(file.dataUrl, name).toMatch(/^http/)
      expect(file.fileSize, name).toBeTypeOf('number')
      expect(file.contentType !== undefined, name).toBe(version !== '4.4.0')
    }
    const voice = files.find(({ name }) => name.endsWith('message_created.incoming.voice'))
    expect(voice?.file.fileType).toBe('audio')
    if (version !== '4.4.0') expect(voice?.file.contentType).toBe('audio/opus')
  })
})
