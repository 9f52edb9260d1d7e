import { describe, expect, it } from 'vitest'
import type { WasenderClient } from './client.ts'
import { KEY_ID, MSG_ID, testClient } from './fixtures.ts'

type Ask = (client: WasenderClient) => Promise<unknown>

const encrypted = { keyId: KEY_ID, node: 'imageMessage', message: {} } as const
const key = { id: KEY_ID, remoteJid: '1@lid', fromMe: false }
const settings = { name: 'A', phoneNumber: '+1', accountProtection: true, logMessages: true }

/** The routes that a bridge can use (docs/platforms/wasender.md#routes): P by personal token, S by session key. */
const ROUTES: [string, Ask][] = [
  ['P GET /whatsapp-sessions', (c) => c.sessions.list()],
  ['P POST /whatsapp-sessions', (c) => c.sessions.create(settings)],
  ['P GET /whatsapp-sessions/1', (c) => c.sessions.get(1)],
  ['P PUT /whatsapp-sessions/1', (c) => c.sessions.update(1, { name: 'B' })],
  ['P DELETE /whatsapp-sessions/1', (c) => c.sessions.remove(1)],
  ['P POST /whatsapp-sessions/1/connect', (c) => c.sessions.connect(1)],
  ['P GET /whatsapp-sessions/1/qrcode', (c) => c.sessions.qrCode(1)],
  ['P GET /whatsapp-sessions/1/passkey-token', (c) => c.sessions.passkeyToken(1)],
  ['P POST /whatsapp-sessions/1/disconnect', (c) => c.sessions.disconnect(1)],
  ['P POST /whatsapp-sessions/1/restart', (c) => c.sessions.restart(1)],
  ['P POST /whatsapp-sessions/1/regenerate-key', (c) => c.sessions.regenerateKey(1)],
  ['P GET /whatsapp-sessions/1/message-logs', (c) => c.sessions.messageLogs(1)],
  ['P GET /whatsapp-sessions/1/session-logs', (c) => c.sessions.sessionLogs(1)],
  ['P GET /auth-check', (c) => c.sessions.authCheck()],
  ['S POST /send-message', (c) => c.messages.send({ to: '+1', kind: 'text', text: 'A' })],
  ['S PUT /messages/100000', (c) => c.messages.edit(MSG_ID, 'B')],
  ['S DELETE /messages/100000', (c) => c.messages.remove(MSG_ID)],
  ['S GET /messages/100000/info', (c) => c.messages.info(MSG_ID)],
  ['S POST /messages/100000/resend', (c) => c.messages.resend(MSG_ID)],
  ['S POST /messages/read', (c) => c.messages.markRead(key)],
  ['S POST /upload', (c) => c.media.upload({ body: new Uint8Array(1), contentType: 'a/b' })],
  ['S POST /decrypt-media', (c) => c.media.decrypt(encrypted)],
  ['S POST /send-presence-update', (c) => c.presence.send({ jid: '1@lid', state: 'paused' })],
  ['S GET /status', (c) => c.session.status()],
  ['S GET /user', (c) => c.session.user()],
  ['S GET /on-whatsapp/1', (c) => c.contacts.onWhatsapp('1')],
  ['S GET /fetch-username/1', (c) => c.contacts.username('1')],
  ['S GET /lid-from-pn/1%40s.whatsapp.net', (c) => c.contacts.lidFromPhone('+1')],
  ['S GET /pn-from-lid/1%40lid', (c) => c.contacts.phoneFromLid('1')],
  ['S GET /contacts', (c) => c.contacts.list()],
  ['S PUT /contacts', (c) => c.contacts.save({ jid: '1@lid' })],
  ['S GET /contacts/1', (c) => c.contacts.get('1')],
  ['S GET /contacts/1/picture', (c) => c.contacts.picture('1')],
  ['S POST /contacts/1/block', (c) => c.contacts.block('1')],
  ['S POST /contacts/1/unblock', (c) => c.contacts.unblock('1')],
  ['S GET /groups', (c) => c.groups.list()],
  ['S POST /groups', (c) => c.groups.create('A', [])],
  ['S GET /groups/1%40g.us/metadata', (c) => c.groups.metadata('1@g.us')],
  ['S GET /groups/1%40g.us/participants', (c) => c.groups.participants('1@g.us')],
  ['S GET /groups/1%40g.us/picture', (c) => c.groups.picture('1@g.us')],
  ['S GET /groups/1%40g.us/invite-link', (c) => c.groups.inviteLink('1@g.us')],
  ['S GET /groups/invite/C', (c) => c.groups.inviteInfo('C')],
  ['S POST /groups/invite/accept', (c) => c.groups.acceptInvite('C')],
  ['S POST /groups/1%40g.us/participants/add', (c) => c.groups.addParticipants('1@g.us', [])],
  ['S POST /groups/1%40g.us/participants/remove', (c) => c.groups.removeParticipants('1@g.us', [])],
  [
    'S PUT /groups/1%40g.us/participants/update',
    (c) => c.groups.updateParticipants('1@g.us', 'demote', []),
  ],
  ['S PUT /groups/1%40g.us/settings', (c) => c.groups.updateSettings('1@g.us', {})],
  ['S POST /groups/1%40g.us/leave', (c) => c.groups.leave('1@g.us')],
]

const TOKENS: Record<string, string> = { 'Bearer session-key': 'S', 'Bearer 7|personal': 'P' }
/** What a lost answer means for each of these is "may have happened". */
const ONCE = new Set([
  'P POST /whatsapp-sessions',
  'P POST /whatsapp-sessions/1/regenerate-key',
  'S POST /send-message',
  'S POST /messages/100000/resend',
  'S POST /groups',
])

describe('every route', () => {
  it.each(ROUTES)('%s', async (expected, ask) => {
    const asked: string[] = []
    const client = testClient({
      fetch: async (input, init) => {
        const request = new Request(input, init)
        const token = TOKENS[request.headers.get('authorization') ?? '']
        const { pathname } = new URL(request.url)
        asked.push(`${token} ${request.method} ${pathname.replace(/^\/api/, '')}`)
        return new Response('', { status: 503 })
      },
    })
    const name = ONCE.has(expected) ? 'OutcomeUnknownError' : 'TransientError'
    await expect(ask(client)).rejects.toMatchObject({ name })
    expect(asked).toEqual([expected])
  })
})
