import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseChatwootWebhook } from './events.ts'
import { contact, conversation, messageEvent, pushMessage, user } from './fixtures.ts'

const conversationEvent = { ...conversation, event: 'conversation_updated' }
const typingEvent = { event: 'conversation_typing_on', user, conversation, is_private: false }
const contactEvent = { ...contact, account: { id: 1 }, event: 'contact_updated' }

describe('message events', () => {
  it('reads an agent reply', () => {
    expect(parseChatwootWebhook(messageEvent)).toEqual({
      type: 'message',
      action: 'created',
      id: 1204,
      conversationId: 15,
      inboxId: 7,
      accountId: 1,
      content: 'Hello **Maria**',
      contentType: 'text',
      contentAttributes: {},
      additionalAttributes: {},
      messageType: 'outgoing',
      private: false,
      sourceId: null,
      sender: { kind: 'user', id: 5, name: 'Ana Lima', availableName: 'Ana' },
      attachments: [],
      createdAt: Date.parse('2026-07-28T14:05:10.123Z'),
      status: 'delivered',
      conversation: {
        id: 15,
        inboxId: 7,
        status: 'open',
        sourceId: '5511987654321',
        contact: {
          id: 42,
          name: 'Maria Souza',
          phoneNumber: '+5511987654321',
          identifier: '5511987654321@s.whatsapp.net',
          blocked: false,
        },
        additionalAttributes: { wa_chat_jid: '5511987654321@s.whatsapp.net' },
        customAttributes: {},
        canReply: true,
        agentLastSeenAt: 1785247502_000,
        unreadCount: 0,
        lastActivityAt: 1785247510_000,
        lastMessageId: 1204,
      },
    })
  })

  it('never takes the newest message for the subject of the event', () => {
    const newest = { ...pushMessage, id: 1299, content: 'newer', status: 'read', source_id: 'X' }
    const event = parseChatwootWebhook({
      ...messageEvent,
      conversation: { ...conversation, messages: [newest] },
    })
    expect(event).toMatchObject({ id: 1204, content: 'Hello **Maria**', sourceId: null })
    expect(event).not.toHaveProperty('status')
  })

  it('prefers a status of its own over the newest message', () => {
    expect(parseChatwootWebhook({ ...messageEvent, status: 'failed' })).toMatchObject({
      status: 'failed',
    })
  })

  it.each([
    ['incoming', 0],
    ['outgoing', 1],
    ['activity', 2],
    ['template', 3],
  ])('reads the message type %s as text and as integer', (name, number) => {
    for (const message_type of [name, number, String(number)]) {
      expect(parseChatwootWebhook({ ...messageEvent, message_type })).toMatchObject({
        messageType: name,
      })
    }
  })

  it.each([
    ['integer seconds', 1785247510, 1785247510_000],
    ['float seconds', 1785247510.412, 1785247510_412],
    ['seconds as text', '1785247510', 1785247510_000],
    ['ISO text', '2026-07-28T14:05:10.123Z', 1785247510_123],
  ])('reads a time in %s', (_, created_at, createdAt) => {
    expect(parseChatwootWebhook({ ...messageEvent, created_at })).toMatchObject({ createdAt })
  })

  it.each([0, null, undefined, 'soon', -5, 1e300])('takes the time %j for none', (created_at) => {
    expect(parseChatwootWebhook({ ...messageEvent, created_at })).not.toHaveProperty('createdAt')
  })

  it.each([
    ['a user', user, { kind: 'user', id: 5, name: 'Ana Lima', availableName: 'Ana' }],
    [
      'an agent bot',
      { id: 3, name: 'Bot', type: 'agent_bot' },
      { kind: 'bot', id: 3, name: 'Bot' },
    ],
    [
      'a Captain assistant',
      { id: 4, name: 'Captain', type: 'captain_assistant' },
      { kind: 'bot', id: 4, name: 'Captain' },
    ],
    [
      'a machine of a new kind',
      { id: 6, name: 'X', type: 'new' },
      { kind: 'bot', id: 6, name: 'X' },
    ],
    [
      'a type named like an object member',
      { id: 6, name: 'X', type: 'constructor' },
      { kind: 'bot' },
    ],
    ['a contact without a type', contact, { kind: 'contact', id: 42 }],
    ['nobody', null, null],
    ['nonsense', 'Ana', null],
  ])('reads %s as sender', (_, sender, expected) => {
    const event = parseChatwootWebhook({ ...messageEvent, sender })
    if (event.type !== 'message') throw new Error('not a message')
    if (expected === null) expect(event.sender).toBeNull()
    else expect(event.sender).toMatchObject(expected)
  })

  it('takes the public name from the assignee only when that is the same agent', () => {
    const withAssignee = (assignee: unknown, assignee_type: string) => ({
      ...messageEvent,
      conversation: {
        ...conversation,
        messages: [],
        meta: { ...conversation.meta, assignee, assignee_type },
      },
    })
    const ana = { id: 5, available_name: 'Ana' }
    const sender = { kind: 'user', id: 5, name: 'Ana Lima' }
    expect(parseChatwootWebhook(withAssignee(ana, 'User'))).toMatchObject({
      sender: { ...sender, availableName: 'Ana' },
    })
    for (const [assignee, type] of [
      [{ ...ana, id: 6 }, 'User'],
      [ana, 'AgentBot'],
    ] as const) {
      expect(parseChatwootWebhook(withAssignee(assignee, type))).toHaveProperty('sender', sender)
    }
  })

  it('reads attachments, old and new ones', () => {
    const image = {
      id: 301,
      file_type: 'image',
      extension: 'png',
      content_type: 'image/png',
      data_url: 'https://chat.example.com/rails/active_storage/blobs/redirect/x/label.png',
      thumb_url: '',
      file_size: 182044,
      width: null,
    }
    const place = { id: 302, file_type: 'location', coordinates_lat: 1.5, coordinates_long: 0 }
    const event = parseChatwootWebhook({ ...messageEvent, attachments: [image, place, null] })
    expect(event).toHaveProperty('attachments', [
      {
        id: 301,
        fileType: 'image',
        extension: 'png',
        contentType: 'image/png',
        dataUrl: image.data_url,
        fileSize: 182044,
      },
      { id: 302, fileType: 'location', latitude: 1.5, longitude: 0 },
    ])
  })

  it('keeps explicit nulls of content attributes', () => {
    const content_attributes = { in_reply_to: null, external_error: null }
    expect(parseChatwootWebhook({ ...messageEvent, content_attributes })).toHaveProperty(
      'contentAttributes',
      content_attributes,
    )
  })

  it('finds inbox, contact and account in their other places', () => {
    const { inbox_id, meta, ...rest } = conversation
    const event = parseChatwootWebhook({
      ...messageEvent,
      account: undefined,
      conversation: { ...rest, account: { id: 9 } },
    })
    expect(event).toMatchObject({
      accountId: 9,
      inboxId: 7,
      conversation: { contact: { id: 42, name: '', blocked: false } },
    })
  })

  it('works without a contact_inbox', () => {
    const event = parseChatwootWebhook({
      ...messageEvent,
      conversation: { ...conversation, contact_inbox: null, messages: [] },
    })
    expect(event).toMatchObject({ type: 'message', conversation: { sourceId: null } })
  })

  it.each([true, 1, 'true', 'yes'])('treats private %j as a note', (isPrivate) => {
    expect(parseChatwootWebhook({ ...messageEvent, private: isPrivate })).toHaveProperty(
      'private',
      true,
    )
  })
})

describe('other events', () => {
  it('reads a conversation change', () => {
    const event = parseChatwootWebhook({
      ...conversationEvent,
      status: 'resolved',
      changed_attributes: [
        { status: { previous_value: 'open', current_value: 'resolved' } },
        { pubsub_token: { previous_value: 'a', current_value: 'b' } },
      ],
    })
    expect(event).toMatchObject({
      type: 'conversation',
      action: 'updated',
      conversation: { id: 15, status: 'resolved' },
    })
    expect(event).toHaveProperty('changed', { status: { previous: 'open', current: 'resolved' } })
    expect(event).not.toHaveProperty('accountId')
  })

  it.each([null, undefined, [], 'x', [null]])(
    'takes changed_attributes %j for no change',
    (value) => {
      const event = {
        ...conversationEvent,
        event: 'conversation_status_changed',
        changed_attributes: value,
      }
      expect(parseChatwootWebhook(event)).toMatchObject({ action: 'status_changed', changed: {} })
    },
  )

  it('reads typing of an agent and of a contact', () => {
    expect(parseChatwootWebhook(typingEvent)).toMatchObject({
      type: 'typing',
      on: true,
      private: false,
      user: { kind: 'user', id: 5 },
      conversation: { id: 15 },
    })
    const off = {
      ...typingEvent,
      event: 'conversation_typing_off',
      user: contact,
      is_private: true,
    }
    expect(parseChatwootWebhook(off)).toMatchObject({
      on: false,
      private: true,
      user: { kind: 'contact', id: 42 },
    })
  })

  it('reads a contact change', () => {
    const changed_attributes = [{ name: { previous_value: 'a', current_value: 'Maria Souza' } }]
    expect(parseChatwootWebhook({ ...contactEvent, changed_attributes })).toEqual({
      type: 'contact',
      action: 'updated',
      accountId: 1,
      contact: {
        id: 42,
        name: 'Maria Souza',
        phoneNumber: '+5511987654321',
        identifier: '5511987654321@s.whatsapp.net',
        blocked: false,
        customAttributes: { wa_jid: '5511987654321@s.whatsapp.net' },
        additionalAttributes: {},
        contactInboxes: [{ inboxId: 7, sourceId: '5511987654321' }],
      },
      changed: { name: { previous: 'a', current: 'Maria Souza' } },
    })
  })

  it.each([
    'inbox_updated',
    'webwidget_triggered',
    'macro.executed',
    'automation_event.message_created',
  ])('knows %s and leaves it alone, secrets included', (event) => {
    expect(parseChatwootWebhook({ event, id: 1, channel: { secret: 's' } })).toEqual({
      type: 'other',
      event,
    })
  })

  it.each([
    [null, { reason: 'not-an-object' }],
    [[messageEvent], { reason: 'not-an-object' }],
    ['text', { reason: 'not-an-object' }],
    [{}, { reason: 'no-event' }],
    [{ event: 7 }, { reason: 'no-event' }],
    [{ event: 'call +5511987654321' }, { reason: 'no-event' }],
    [{ event: 'call_12025550143' }, { reason: 'no-event' }],
    [{ event: 'message_exploded' }, { reason: 'unknown-event', event: 'message_exploded' }],
    [{ event: 'constructor' }, { reason: 'unknown-event', event: 'constructor' }],
    [
      { ...contactEvent, id: 'x' },
      { reason: 'unreadable', event: 'contact_updated', fields: ['id'] },
    ],
  ])('says why it cannot read %j', (body, expected) => {
    expect(parseChatwootWebhook(body)).toEqual({ type: 'unknown', ...expected })
  })
})

describe('whatever arrives', () => {
  const samples = [messageEvent, conversationEvent, typingEvent, contactEvent]

  it('never throws for arbitrary JSON under a known event name', () => {
    const name = fc.constantFrom(...samples.map(({ event }) => event))
    fc.assert(
      fc.property(name, fc.dictionary(fc.string(), fc.jsonValue()), (event, body) => {
        expect(parseChatwootWebhook({ ...body, event })).toHaveProperty('type')
      }),
    )
  })

  it('survives any one field being replaced, and never copies the credential', () => {
    const sample = fc.constantFrom(...samples)
    fc.assert(
      fc.property(sample, fc.nat(), fc.jsonValue(), (body, position, value) => {
        const paths = pathsOf(body)
        const mutated = replaceAt(body, paths[position % paths.length] ?? [], value)
        const event = parseChatwootWebhook(mutated)
        expect(['message', 'conversation', 'typing', 'contact', 'unknown']).toContain(event.type)
        expect(JSON.stringify(event)).not.toContain('credential-of-the-contact')
      }),
      { numRuns: 2000 },
    )
  })

  it('reads the same with unknown fields anywhere at top level', () => {
    const extra = fc.dictionary(
      fc.string().map((key) => `x_${key}`),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...samples), extra, (body, more) => {
        expect(parseChatwootWebhook({ ...more, ...body })).toEqual(parseChatwootWebhook(body))
      }),
    )
  })
})

type Path = readonly string[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))
  return path.length === 0 ? below : [path, ...below]
}

function replaceAt(body: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(body)
  const last = path.at(-1)
  let target = copy
  for (const key of path.slice(0, -1)) target = (target as Record<string, unknown>)[key]
  if (last !== undefined) (target as Record<string, unknown>)[last] = value
  return copy
}
