import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { optionsSchema } from '../../config/options-schema.ts'
import { parseWasenderWebhook, wasenderEventNames } from '../../platforms/wasender/events/index.ts'
import { routeOf } from './route.ts'

const NOW = 1_795_000_000_000
const JID = '15550001111@s.whatsapp.net'
const GROUP = '120363000000000001@g.us'

function routesOf(event: string, data: unknown, options: Record<string, unknown> = {}) {
  const account = { options: optionsSchema.parse(options) } as Account
  const { events } = parseWasenderWebhook({ event, data })
  return events.flatMap((each) => routeOf(account, each, NOW) ?? [])
}

const key = (fields: object = {}) => ({ id: '3EB0F00D', fromMe: false, remoteJid: JID, ...fields })
const message = (fields: object = {}) => ({
  messages: {
    key: key(),
    messageTimestamp: 1_794_999_990,
    message: { conversation: 'Hi' },
    ...fields,
  },
})

describe('the route of an event', () => {
  it('of a failure is the status lane, also when it names nobody', () => {
    const failure = (error: string, more: object = {}) =>
      routesOf('message.sent', { success: false, error, ...more })
    expect(failure('Invalid number JID: +15550001111')).toMatchObject([
      { to: 'status', who: { phone: '15550001111' } },
    ])
    const [named] = failure('The session was closed', { msgId: 7 })
    expect(named).toMatchObject({ to: 'status', event: { msgId: 7 } })
    expect(named).not.toHaveProperty('who')
    expect(failure('The session was closed')).toHaveLength(1)
  })

  it('of a message is its chat, in the order of WhatsApp’s clock', () => {
    expect(routesOf('messages.upsert', message())).toMatchObject([
      { to: 'chat', order: 1_794_999_990, who: { phone: '15550001111' } },
    ])
  })

  it.each<[string, string, unknown]>([
    ['a reaction', 'messages.reaction', [{ key: key(), reaction: { text: '👍', key: key() } }]],
    ['a deletion', 'messages.delete', { keys: [key()] }],
    [
      'an edit',
      'messages.update',
      { key: key(), update: { message: { editedMessage: { message: { conversation: 'x' } } } } },
    ],
    ['a call', 'call', { call: { id: 'C1', from: JID, status: 'offer' } }],
    ['a contact', 'contacts.update', [{ id: JID, notify: 'Maria' }]],
  ])('of %s is the chat, as of now', (_what, event, data) => {
    expect(routesOf(event, data)).toMatchObject([{ to: 'chat', order: NOW / 1000 }])
  })

  it.each<[string, string, unknown]>([
    ['a join', 'group-participants.update', { jid: GROUP, action: 'add', participants: [JID] }],
    ['a new subject', 'groups.update', [{ jid: GROUP, subject: 'Plans' }]],
    ['reading on the phone', 'messages.update', { key: key(), update: { status: 4 } }],
    ['an empty badge', 'chats.update', [{ id: JID, unreadCount: 0 }]],
  ])('of %s is the chat, if it has a conversation', (_what, event, data) => {
    expect(routesOf(event, data)).toMatchObject([{ to: 'chat', ifKnown: true }])
  })

  it.each<[string, string, unknown]>([
    ['our message', 'messages.update', { key: key({ fromMe: true }), update: { status: 3 } }],
    [
      'a group member',
      'message-receipt.update',
      {
        message: {
          key: key({ fromMe: true, remoteJid: GROUP }),
          receipt: { userJid: JID, readTimestamp: 5 },
        },
      },
    ],
    [
      'a send that failed',
      'message.sent',
      { success: false, error: 'Invalid number JID: +15550001111' },
    ],
  ])('of a receipt of %s is the status lane', (_what, event, data) => {
    expect(routesOf(event, data)).toMatchObject([{ to: 'status' }])
  })

  it('of votes and of what cannot be read yet is a lane of their own', () => {
    const votes = { key: key({ fromMe: true }), pollResult: [{ name: 'Pizza', voters: [JID] }] }
    expect(routesOf('poll.results', votes)).toMatchObject([{ to: 'aside', name: 'votes:3EB0F00D' }])
    const stub = message({ message: undefined, messageStubType: 2 })
    expect(routesOf('messages.upsert', stub)).toMatchObject([
      { to: 'aside', name: 'content:3EB0F00D', waitMs: 60_000 },
    ])
  })

  it.each<[string, string, unknown, Record<string, unknown>?]>([
    [
      'our own empty message',
      'messages.upsert',
      message({ key: key({ fromMe: true }), message: undefined }),
    ],
    ['a message with empty text', 'messages.upsert', message({ message: { conversation: '' } })],
    [
      'traffic between clients',
      'messages.upsert',
      message({ message: { protocolMessage: { type: 5 } } }),
    ],
    ['a story', 'messages.upsert', message({ key: key({ remoteJid: 'status@broadcast' }) })],
    ['a channel post', 'messages.upsert', message({ key: key({ remoteJid: '1203@newsletter' }) })],
    [
      'a group message',
      'messages.upsert',
      message({ key: key({ remoteJid: GROUP }) }),
      { groups: 'ignore' },
    ],
    [
      'a join',
      'group-participants.update',
      { jid: GROUP, action: 'add', participants: [JID] },
      { groups: 'ignore' },
    ],
    [
      'a reaction',
      'messages.reaction',
      [{ key: key(), reaction: { text: '👍' } }],
      { reactions: 'ignore' },
    ],
    ['a call', 'call', { call: { id: 'C1', from: JID } }, { calls: 'ignore' }],
    ['a delivery receipt of ours', 'messages.update', { key: key(), update: { status: 3 } }],
    ['a badge', 'chats.update', [{ id: JID, unreadCount: 3 }]],
    ['a new chat', 'chats.upsert', [{ id: JID, unreadCount: 0 }]],
    ['a session', 'session.status', { status: 'connected' }],
    ['a QR code', 'qrcode.updated', { qr: '2@abc' }],
  ])('of %s is none', (_what, event, data, options = {}) => {
    expect(routesOf(event, data, options)).toEqual([])
  })

  it('of a typed message is its chat even when those are ignored: it may be an echo', () => {
    const typed = message({ key: key({ fromMe: true }) })
    expect(routesOf('messages.upsert', typed, { phoneMessages: 'ignore' })).toHaveLength(1)
  })

  it('can be told for any body', () => {
    fc.assert(
      fc.property(fc.constantFrom(...wasenderEventNames), fc.jsonValue(), (event, data) => {
        for (const route of routesOf(event, data)) {
          expect(['chat', 'status', 'aside']).toContain(route.to)
        }
      }),
    )
  })
})
