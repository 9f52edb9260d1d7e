import { describe, expect, it } from 'vitest'
import { OutcomeUnknownError, SessionDownError, TransientError } from '../../kernel/errors.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import { failure, gateway, testClient } from './fixtures.ts'

useNock()

const personal = () => gateway('7|personal')
const { sessions } = testClient()

const row = {
  id: 1,
  name: 'Business WhatsApp',
  phone_number: '+15550002222',
  status: 'connected',
  account_protection: true,
  log_messages: true,
  webhook_url: 'https://bridge.example.com/webhooks/wasender/sales',
  webhook_enabled: true,
  webhook_events: ['messages.upsert', 'session.status'],
  created_at: '2026-04-01T12:00:00Z',
}
const secrets = { api_key: 'KEY', webhook_secret: 'SECRET' }
const read = {
  id: 1,
  name: 'Business WhatsApp',
  phoneNumber: '+15550002222',
  status: 'connected',
  accountProtection: true,
  webhookEnabled: true,
  webhookEvents: ['messages.upsert', 'session.status'],
}

describe('sessions', () => {
  it('are listed without secrets, in any case of the status', async () => {
    const rows = [row, { ...row, id: '2', status: 'DISCONNECTED', webhook_events: null }, { id: 3 }]
    personal().get('/whatsapp-sessions').reply(200, { success: true, data: rows })
    const listed = await sessions.list()
    expect(listed).toHaveLength(3)
    expect(listed[0]).toMatchObject({ ...read, apiKey: undefined, webhookSecret: undefined })
    expect(listed[1]).toMatchObject({ id: 2, status: 'disconnected', webhookEvents: undefined })
    expect(listed[2]).toMatchObject({ id: 3, status: 'unknown:' })
  })

  it.each([
    ['as documented', { ...row, ...secrets }],
    ['with flags as numbers', { ...row, ...secrets, account_protection: 1, webhook_enabled: '1' }],
    ['with an odd field', { ...row, ...secrets, log_messages: 'perhaps', proxy_url: {} }],
  ])('are read %s', async (_, data) => {
    personal().get('/whatsapp-sessions/1').reply(200, { success: true, data })
    const found = await sessions.get(1)
    expect(found).toMatchObject({ ...read, apiKey: 'KEY', webhookSecret: 'SECRET' })
  })

  it('are made with the names of the gateway', async () => {
    personal()
      .post('/whatsapp-sessions', {
        name: 'A',
        phone_number: '+15550002222',
        account_protection: true,
        log_messages: false,
        webhook_events: ['messages.upsert'],
      })
      .reply(201, { success: true, data: { ...row, ...secrets } })
    const made = await sessions.create({
      name: 'A',
      phoneNumber: '+15550002222',
      accountProtection: true,
      logMessages: false,
      webhookEvents: ['messages.upsert'],
    })
    expect(made.apiKey).toBe('KEY')
  })

  it('are not made twice when the answer is lost', async () => {
    personal().post('/whatsapp-sessions').reply(502, '')
    const settings = { name: 'A', phoneNumber: '+1', accountProtection: true, logMessages: true }
    expect(await failure(sessions.create(settings))).toBeInstanceOf(OutcomeUnknownError)
  })

  it.each([
    [{}, undefined],
    [{ warning: 'failed to sync webhook settings' }, 'failed to sync webhook settings'],
  ])('hand over the warning of an update %j', async (extra, warning) => {
    personal()
      .put('/whatsapp-sessions/1', {
        webhook_url: 'https://bridge.example.com',
        webhook_enabled: true,
      })
      .reply(200, { success: true, data: row, ...extra })
    const changed = await sessions.update(1, {
      webhookUrl: 'https://bridge.example.com',
      webhookEnabled: true,
    })
    expect(changed.warning).toBe(warning)
    expect(changed.session).toMatchObject(read)
  })

  it('are removed with an empty answer', async () => {
    personal().delete('/whatsapp-sessions/1').reply(204)
    await expect(sessions.remove(1)).resolves.toBeUndefined()
  })
})

describe('linking a session', () => {
  it.each([
    [
      { status: 'NEED_SCAN', qrCode: '2@A,B,C,D' },
      { status: 'need_scan', qrCode: '2@A,B,C,D' },
    ],
    [{ status: 'need_scan' }, { status: 'need_scan' }],
    [
      { status: 'NEED_PASSKEY', passkey: { token: 'T', expires_at: '2026-08-21T13:50:00Z' } },
      { status: 'need_passkey', passkey: { token: 'T', expiresAt: '2026-08-21T13:50:00Z' } },
    ],
    [{ status: 'CONNECTED', message: 'No QR code needed.' }, { status: 'connected' }],
    [{ status: 'CONNECTING' }, { status: 'other', session: 'connecting' }],
    [{ status: 'WARMING_UP' }, { status: 'other', session: 'unknown:warming_up' }],
  ])('connects: %j', async (data, expected) => {
    personal()
      .post('/whatsapp-sessions/1/connect', { linkMethod: 'qr' })
      .reply(200, { success: true, data })
    expect(await sessions.connect(1)).toEqual(expected)
  })

  it('connects by passkey when asked to', async () => {
    personal()
      .post('/whatsapp-sessions/1/connect', { linkMethod: 'passkey' })
      .reply(200, { success: true, data: { status: 'NEED_PASSKEY' } })
    expect(await sessions.connect(1, 'passkey')).toEqual({ status: 'need_passkey' })
  })

  it.each([
    [{ success: true, data: { token: 'T', expires_at: 'later' } }],
    [{ success: true, token: 'T', expiresAt: 'later' }],
    [{ success: true, data: { passkey: { token: 'T', expires_at: 'later' } } }],
  ])('asks for a passkey token: %j', async (body) => {
    personal().get('/whatsapp-sessions/1/passkey-token').reply(200, body)
    expect(await sessions.passkeyToken(1)).toEqual({ token: 'T', expiresAt: 'later' })
  })

  it('asks for the QR code, disconnects, restarts and makes a new key', async () => {
    personal()
      .get('/whatsapp-sessions/1/qrcode')
      .reply(200, { success: true, data: { qrCode: '2@A' } })
    expect(await sessions.qrCode(1)).toBe('2@A')
    personal()
      .post('/whatsapp-sessions/1/disconnect')
      .reply(200, { success: true, data: { status: 'disconnected', message: 'Done' } })
    await sessions.disconnect(1)
    personal().post('/whatsapp-sessions/1/restart').reply(200, { success: true, message: 'Done' })
    await sessions.restart(1)
    personal()
      .post('/whatsapp-sessions/1/regenerate-key')
      .reply(200, { success: true, api_key: 'NEW' })
    expect(await sessions.regenerateKey(1)).toBe('NEW')
  })

  it('cannot restart what is not connected', async () => {
    personal()
      .post('/whatsapp-sessions/1/restart')
      .reply(400, { success: false, error: 'WhatsApp session is not connected. Cannot restart.' })
    expect(await failure(sessions.restart(1))).toBeInstanceOf(SessionDownError)
  })
})

describe('logs', () => {
  const entry = {
    id: '100000',
    whatsapp_session_id: '1',
    to: '+15550001111',
    content: '{"text":"Hello from the API"}',
    status: 'failed',
    failed_reason: 'invalid WhatsApp number',
    created_at: '2026-07-18 19:26:06',
    updated_at: '2026-07-18 19:26:08',
  }
  const parsed = {
    msgId: 100000,
    to: '+15550001111',
    content: { text: 'Hello from the API' },
    status: 'failed',
    failedReason: 'invalid WhatsApp number',
    createdAt: Date.UTC(2026, 6, 18, 19, 26, 6),
    updatedAt: Date.UTC(2026, 6, 18, 19, 26, 8),
  }

  it.each([
    ['as documented', entry, parsed],
    ['with an object as content', { ...entry, content: { text: 'Hello from the API' } }, parsed],
    [
      'with content that is no JSON',
      { ...entry, content: '{"text' },
      { ...parsed, content: '{"text' },
    ],
    ['with an integer id', { ...entry, id: 100000 }, parsed],
    ['with a new status', { ...entry, status: 'queued' }, { ...parsed, status: 'other' }],
    [
      'without what log_messages off leaves out',
      { id: 100000, status: 'sent', content: null, to: null },
      { msgId: 100000, status: 'sent', content: null },
    ],
  ])('of messages are read %s', async (_, logged, expected) => {
    personal()
      .get('/whatsapp-sessions/1/message-logs')
      .query({ page: 1, per_page: 50, status: 'failed' })
      .reply(200, {
        success: true,
        data: { current_page: 1, data: [logged], last_page: 3, total: 101 },
      })
    const page = await sessions.messageLogs(1, { page: 1, perPage: 50, status: 'failed' })
    expect(page).toEqual({ items: [expected], page: 1, totalPages: 3, total: 101 })
  })

  it('of the session are read', async () => {
    const logged = {
      id: '5',
      event_type: 'status_change',
      status: 'connected',
      occurred_at: '2026-07-18T19:26:06Z',
    }
    personal()
      .get('/whatsapp-sessions/1/session-logs')
      .reply(200, { success: true, data: { current_page: 1, data: [logged] } })
    expect((await sessions.sessionLogs(1)).items).toEqual([
      { id: 5, event: 'status_change', status: 'connected', at: Date.UTC(2026, 6, 18, 19, 26, 6) },
    ])
  })
})

describe('the tokens', () => {
  it('authCheck tells a valid token from a refused one', async () => {
    personal().get('/auth-check').reply(200, { success: true })
    expect(await sessions.authCheck()).toBe(true)
    personal().get('/auth-check').reply(401, { success: false, message: 'Unnotarized' })
    expect(await sessions.authCheck()).toBe(false)
    personal().get('/auth-check').reply(503, '')
    expect(await failure(sessions.authCheck())).toBeInstanceOf(TransientError)
  })

  it("the session's own key asks for its status and user", async () => {
    const { session } = testClient()
    gateway().get('/status').reply(200, { status: 'connected' })
    expect(await session.status()).toBe('connected')
    gateway()
      .get('/status')
      .reply(200, { success: true, data: { status: 'LOGGED_OUT' } })
    expect(await session.status()).toBe('logged_out')
    const user = {
      id: '15550002222:12@s.whatsapp.net',
      name: 'My Business',
      lid: '258540000000002:12@lid',
    }
    gateway().get('/user').reply(200, { success: true, data: user })
    expect(await session.user()).toEqual({
      jid: '15550002222@s.whatsapp.net',
      lid: '258540000000002@lid',
      name: 'My Business',
    })
    gateway()
      .get('/user')
      .reply(200, { success: true, data: { id: '15550002222' } })
    expect(await session.user()).toEqual({ jid: '15550002222@s.whatsapp.net' })
  })
})
