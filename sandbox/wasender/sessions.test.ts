import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

let standIn: TestStandIn
beforeEach(async () => {
  standIn = await startTestStandIn({ qrRenewMs: 10 })
})
afterEach(() => standIn.close())

const one = '/whatsapp-sessions/1'

describe('who may do what', () => {
  it.each<[string, string | null, string]>([
    ['no token', null, 'API key is required'],
    ['a wrong key', 'f'.repeat(64), 'Invalid API key'],
    ['the account token', '1|stand-in-personal-access-token', 'Invalid API key'],
  ])('%s does not open session routes', async (_name, token, message) => {
    const answer = await standIn.request('GET', '/status', undefined, token)
    expect(answer).toMatchObject({ status: 401, body: { success: false, message } })
  })

  it.each([null, 'session key'])('%s does not open account routes', async (token) => {
    const key = token === null ? null : standIn.session().apiKey
    const answer = await standIn.request('GET', '/whatsapp-sessions', undefined, key)
    expect(answer).toMatchObject({ status: 401, body: { success: false, message: 'Unnotarized' } })
  })

  it('answers unknown paths like Laravel', async () => {
    const { status, body } = await standIn.request('GET', '/nothing-here')
    expect({ status, body }).toEqual({
      status: 404,
      body: { message: 'The route api/nothing-here could not be found.' },
    })
  })
})

describe('sessions', () => {
  it('lists without secrets and shows one with them', async () => {
    const { apiKey, webhookSecret } = standIn.session()
    const list = await standIn.account('GET', '/whatsapp-sessions')
    expect(JSON.stringify(list.body)).not.toContain(apiKey)
    const { body } = await standIn.account('GET', one)
    expect(body.data).toMatchObject({
      id: 1,
      status: 'connected',
      phone_number: '+15550002222',
      api_key: apiKey,
      webhook_secret: webhookSecret,
    })
  })

  it('makes a new one, unpaired and subscribed to nothing', async () => {
    const created = await standIn.account('POST', '/whatsapp-sessions', {
      name: 'Second',
      phone_number: '+15550004444',
      account_protection: true,
      log_messages: false,
    })
    expect(created.status).toBe(201)
    expect(created.body.data).toMatchObject({ id: 2, status: 'disconnected', webhook_events: null })
    const refused = await standIn.account('POST', '/whatsapp-sessions', {})
    expect(Object.keys(refused.body.errors as object)).toEqual([
      'name',
      'phone_number',
      'account_protection',
      'log_messages',
    ])
  })

  it('changes what is given and warns when the webhook is not synced', async () => {
    const changed = await standIn.account('PUT', one, { webhook_events: ['messages.upsert'] })
    expect(changed.body).not.toHaveProperty('warning')
    expect(standIn.session().webhookEvents).toEqual(['messages.upsert'])
    standIn.session().webhookSyncFails = true
    const warned = await standIn.account('PUT', one, { name: 'Other' })
    expect(warned.body).toMatchObject({
      success: true,
      data: { name: 'Other' },
      warning: expect.stringContaining('failed to sync webhook settings'),
    })
    await standIn.person({ phone: '+15550001111' }).sendText('unheard').delivered
    expect(standIn.receiver.received).toEqual([])
  })

  it('replaces the key at once', async () => {
    const old = standIn.session().apiKey
    const { body } = await standIn.account('POST', `${one}/regenerate-key`)
    expect((await standIn.request('GET', '/status', undefined, old)).status).toBe(401)
    expect((await standIn.request('GET', '/status', undefined, String(body.api_key))).status).toBe(
      200,
    )
  })

  it('is gone after deletion', async () => {
    const key = standIn.session().apiKey
    expect((await standIn.account('DELETE', one)).status).toBe(204)
    expect((await standIn.account('GET', one)).status).toBe(404)
    expect((await standIn.request('GET', '/status', undefined, key)).status).toBe(401)
  })

  it('says who it is', async () => {
    expect((await standIn.request('GET', '/user')).body.data).toEqual({
      id: '15550002222:12@s.whatsapp.net',
      name: 'Business WhatsApp',
      lid: '258540000000002:12@lid',
    })
  })
})

describe('linking', () => {
  it('needs no QR while WhatsApp still trusts the device', async () => {
    await standIn.account('POST', `${one}/disconnect`)
    expect((await standIn.request('GET', '/status')).body).toEqual({ status: 'disconnected' })
    const { body } = await standIn.account('POST', `${one}/connect`)
    expect(body.data).toMatchObject({ status: 'CONNECTED' })
    await standIn.waitFor(() => standIn.session().status === 'connected')
    expect(standIn.receiver.bodies('qrcode.updated')).toEqual([])
  })

  it('shows QR codes and renews them until one is scanned', async () => {
    await standIn.setStatus(1, 'logged_out')
    const { body } = await standIn.account('POST', `${one}/connect`)
    expect(body.data).toEqual({
      status: 'NEED_SCAN',
      qrCode: expect.stringMatching(/^2@.+,.+,.+,/),
    })
    await standIn.waitFor(() => standIn.receiver.bodies('qrcode.updated').length >= 3)
    const codes = standIn.receiver
      .bodies('qrcode.updated')
      .map(({ data }) => data as { qr: string })
    expect(new Set(codes.map(({ qr }) => qr)).size).toBe(codes.length)
    expect(standIn.receiver.bodies('qrcode.updated')[0]).not.toHaveProperty('timestamp')

    await standIn.scan(1)
    const statuses = standIn.receiver.bodies('session.status').map(({ data }) => data)
    expect(statuses.slice(-2)).toEqual([{ status: 'connecting' }, { status: 'connected' }])
    expect((await standIn.account('GET', `${one}/qrcode`)).status).toBe(400)
  })

  it('offers a passkey', async () => {
    await standIn.setStatus(1, 'logged_out')
    const { body } = await standIn.account('POST', `${one}/connect`, { linkMethod: 'passkey' })
    expect(body.data).toMatchObject({
      status: 'NEED_PASSKEY',
      passkey: { token: expect.any(String) },
    })
  })

  it('restarts only when connected, and logs it', async () => {
    expect((await standIn.account('POST', `${one}/restart`)).status).toBe(200)
    await standIn.setStatus(1, 'disconnected')
    expect((await standIn.account('POST', `${one}/restart`)).body.error).toContain('Cannot restart')
    const { body } = await standIn.account('GET', `${one}/session-logs?per_page=2`)
    expect(body.data).toMatchObject({ per_page: 2, total: 4, last_page: 2, current_page: 1 })
  })
})

describe('the two spellings of the send routes', () => {
  const send = (path: string, json: object) => standIn.request('POST', path, json)
  const text = { to: '+15550001111', text: 'Hello' }

  it('knows only one of them', async () => {
    const missing = await send('/send-text', text)
    expect(missing.body).toEqual({ message: 'The route api/send-text could not be found.' })
    standIn.settings.routes = 'per-type'
    expect((await send('/send-message', text)).status).toBe(404)
    expect((await send('/send-text', text)).status).toBe(200)
    standIn.settings.routes = 'both'
    expect((await send('/send-message', text)).status).toBe(200)
  })

  it('wants the field that the route is named after', async () => {
    standIn.settings.routes = 'per-type'
    const answer = await send('/send-image', text)
    expect(answer.body.errors).toEqual({ imageUrl: ['The imageUrl field is required.'] })
  })

  it.each([
    ['unified', ['PUT', '/messages/{id}', {}], ['DELETE', '/messages/{id}', undefined]],
    [
      'per-type',
      ['POST', '/edit-message', { msgId: true }],
      ['DELETE', '/delete-message', { msgId: true }],
    ],
  ] as const)('edits and deletes: %s', async (routes, edit, remove) => {
    standIn.settings.routes = routes
    const { body } = await send(routes === 'unified' ? '/send-message' : '/send-text', text)
    const { msgId } = body.data as { msgId: number }
    const id = (fields: object | undefined) => (fields && 'msgId' in fields ? { msgId } : fields)
    await standIn.waitFor(() => standIn.outgoing(msgId)?.status === 'sent')
    const edited = await standIn.request(edit[0], edit[1].replace('{id}', String(msgId)), {
      ...id(edit[2]),
      text: 'Corrected',
    })
    expect(edited.body.data).toMatchObject({ msgId, message: { protocolMessage: { type: 14 } } })
    expect(standIn.inbox('+15550001111')[0]?.text).toBe('Corrected')
    const removed = await standIn.request(
      remove[0],
      remove[1].replace('{id}', String(msgId)),
      id(remove[2]),
    )
    expect(removed.body).toEqual({ success: true, message: 'Message deleted successfully.' })
    expect(standIn.inbox('+15550001111')[0]?.deletedAt).toEqual(expect.any(Number))
  })
})
