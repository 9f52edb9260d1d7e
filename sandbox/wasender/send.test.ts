import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

const MARIA = '+15550001111'
let standIn: TestStandIn

beforeEach(async () => {
  standIn = await startTestStandIn()
  standIn.person({ phone: MARIA, lid: '189975000000001', name: 'Maria Example' })
})
afterEach(() => standIn.close())

const send = (json: unknown) => standIn.request('POST', '/send-message', json)
const msgIdOf = (answer: { body: Record<string, unknown> }) =>
  (answer.body.data as { msgId: number }).msgId

async function upload(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<string> {
  const response = await fetch(`${standIn.apiUrl}/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${standIn.session().apiKey}`, 'content-type': type },
    body: bytes,
  })
  const { publicUrl } = (await response.json()) as { publicUrl: string }
  return publicUrl
}
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])

describe('an accepted send', () => {
  it('is queued, then on the phone, then known by its key id', async () => {
    const answer = await send({ to: MARIA, text: 'Hello from the API' })
    const msgId = msgIdOf(answer)
    expect(answer.body).toEqual({
      success: true,
      data: { msgId: expect.any(Number), jid: MARIA, status: 'in_progress' },
    })
    const [message] = await standIn.waitFor(
      () => standIn.inbox(MARIA).length === 1 && standIn.inbox(MARIA),
    )
    expect(message).toMatchObject({ kind: 'text', text: 'Hello from the API', msgId })
    expect(message?.keyId).toMatch(/^3EB0[0-9A-F]{18}$/)
    const info = await standIn.request('GET', `/messages/${msgId}/info`)
    expect(info.body.data).toMatchObject({
      id: message?.keyId,
      msgId,
      key: { id: message?.keyId, fromMe: true, remoteJid: '15550001111@s.whatsapp.net' },
      message: { extendedTextMessage: { text: 'Hello from the API' } },
    })
  })

  it('is echoed and acknowledged in the order of production', async () => {
    await send({ to: MARIA, text: 'Hello' })
    await standIn.waitFor(() => standIn.receiver.received.length === 4)
    expect(standIn.receiver.events()).toEqual([
      'messages.upsert',
      'message.sent',
      'messages.update',
      'messages.update',
    ])
    const keyId = standIn.inbox(MARIA)[0]?.keyId
    expect(standIn.receiver.bodies('messages.upsert')[0]?.data).toMatchObject({
      messages: {
        key: { id: keyId, fromMe: true, remoteJid: '15550001111@s.whatsapp.net' },
        messageBody: 'Hello',
        status: 1,
      },
    })
    expect(standIn.receiver.bodies('message.sent')[0]?.data).toEqual({
      key: { id: keyId, fromMe: true, remoteJid: MARIA },
      message: { extendedTextMessage: { text: 'Hello' } },
      success: true,
    })
    const statuses = standIn.receiver.bodies('messages.update').map((body) => body.data)
    expect(statuses).toMatchObject([{ update: { status: 2 } }, { update: { status: 3 } }])
  })

  it('can be echoed before its own answer, by LID and with a read receipt', async () => {
    Object.assign(standIn.echo, { beforeAnswer: true, addressing: 'lid', autoRead: true })
    await send({ to: MARIA, text: 'Hello' })
    expect(standIn.receiver.events()).toHaveLength(5)
    expect(standIn.receiver.bodies('messages.upsert')[0]?.data).toMatchObject({
      messages: { key: { remoteJid: '189975000000001@lid', addressingMode: 'lid' } },
    })
    expect(standIn.receiver.bodies('messages.update').at(-1)?.data).toMatchObject({
      update: { status: 4 },
    })
    expect(standIn.inbox(MARIA)[0]?.readAt).toEqual(expect.any(Number))
  })

  it('can go without an echo, or with updates before it', async () => {
    Object.assign(standIn.echo, { never: true, beforeAnswer: true })
    await send({ to: MARIA, text: 'one' })
    expect(standIn.receiver.events()).toEqual(['messages.update', 'messages.update'])
    Object.assign(standIn.echo, { never: false, order: ['acks', 'upsert', 'sent'] })
    await send({ to: MARIA, text: 'two' })
    expect(standIn.receiver.events().slice(2, 5)).toEqual([
      'messages.update',
      'messages.update',
      'messages.upsert',
    ])
  })

  it.each([
    ['flat', 'data.key.id', 'data.msgId'],
    ['wrapped', 'data.messages.key.id', 'data.msgId'],
  ] as const)('is told by message.sent %s, with the unverified msgId', async (sent, key, id) => {
    standIn.webhookFaults.variant = { sent, sentMsgId: true }
    const msgId = msgIdOf(await send({ to: MARIA, text: 'Hello' }))
    await standIn.waitFor(() => standIn.receiver.bodies('message.sent').length === 1)
    const [body] = standIn.receiver.bodies('message.sent')
    expect(body).toHaveProperty(key, standIn.inbox(MARIA)[0]?.keyId)
    expect(body).toHaveProperty(id, msgId)
  })

  it.each([true, false])('may reach a LID or not: %s', async (lidDeliverable) => {
    standIn.settings.lidDeliverable = lidDeliverable
    const msgId = msgIdOf(await send({ to: '189975000000001@lid', text: 'Hello' }))
    await standIn.waitFor(() => standIn.outgoing(msgId)?.status !== 'in_progress')
    expect(standIn.inbox(MARIA)).toHaveLength(lidDeliverable ? 1 : 0)
  })

  it('keeps the order of the session, also when an earlier one takes longer', async () => {
    const url = await upload(JPEG, 'image/jpeg')
    await send({ to: MARIA, imageUrl: url, text: 'first' })
    await send({ to: MARIA, text: '2' })
    await standIn.waitFor(() => standIn.inbox(MARIA).length === 2)
    expect(standIn.inbox(MARIA).map(({ text }) => text)).toEqual(['first', '2'])
  })
})

describe('kinds', () => {
  it('fetches media and knows its bytes', async () => {
    const url = await upload(JPEG, 'image/jpeg')
    await send({ to: MARIA, imageUrl: url, text: 'Caption' })
    const message = await standIn.waitFor(() => standIn.inbox(MARIA)[0])
    expect(message).toMatchObject({
      kind: 'image',
      text: 'Caption',
      url,
      media: { mimetype: 'image/jpeg', bytes: 7 },
    })
    expect(message.node).toHaveProperty('imageMessage.mediaKey')
  })

  it.each([
    ['location', { location: { latitude: '52.5', longitude: 13.4, name: 'Plaza' } }],
    ['contact', { contact: { name: 'John Example', phone: '+15550003333' } }],
    ['poll', { poll: { question: 'Which?', options: ['A', 'B'] } }],
  ])('%s', async (kind, content) => {
    await send({ to: MARIA, ...content })
    const message = await standIn.waitFor(() => standIn.inbox(MARIA)[0])
    expect(message.kind).toBe(kind)
    expect(message[kind as 'poll']).toBeDefined()
  })

  it('quotes an earlier send and names who is mentioned', async () => {
    const first = msgIdOf(await send({ to: MARIA, text: 'one' }))
    const mentions = ['15550001111@s.whatsapp.net']
    await send({ to: MARIA, text: 'two', replyTo: first, mentions })
    await standIn.waitFor(() => standIn.inbox(MARIA).length === 2)
    const [one, two] = standIn.inbox(MARIA)
    expect(two).toMatchObject({ quoted: one?.keyId, mentions })
    expect(two?.node).toHaveProperty('extendedTextMessage.contextInfo.stanzaId', one?.keyId)
  })
})

describe('a send that cannot be delivered', () => {
  it('fails without ids when the number has no WhatsApp', async () => {
    standIn.notOnWhatsapp.add('15550009999')
    const msgId = msgIdOf(await send({ to: '+15550009999', text: 'Hello' }))
    await standIn.waitFor(() => standIn.receiver.received.length === 1)
    expect(standIn.receiver.bodies('message.sent')[0]?.data).toEqual({
      success: false,
      error: 'Failed to send message: Invalid number JID: +15550009999',
    })
    expect((await standIn.request('GET', `/messages/${msgId}/info`)).status).toBe(404)
    const logs = await standIn.account('GET', '/whatsapp-sessions/1/message-logs?status=failed')
    expect(logs.body.data).toMatchObject({
      total: 1,
      data: [{ id: String(msgId), status: 'failed', failed_reason: 'invalid WhatsApp number' }],
    })
  })

  it('can be sent again with the same msgId once the reason is gone', async () => {
    standIn.notOnWhatsapp.add('15550009999')
    const msgId = msgIdOf(await send({ to: '+15550009999', text: 'Hello' }))
    await standIn.waitFor(() => standIn.outgoing(msgId)?.status === 'failed')
    standIn.notOnWhatsapp.clear()
    const answer = await standIn.request('POST', `/messages/${msgId}/resend`)
    expect(answer.body).toEqual({
      success: true,
      message: 'Message resend initiated successfully.',
    })
    const message = await standIn.waitFor(() => standIn.inbox('+15550009999')[0])
    expect(message.msgId).toBe(msgId)
    const again = await standIn.request('POST', `/messages/${msgId}/resend`)
    expect([again.status, again.body.error]).toEqual([
      400,
      "Only messages with status 'failed' can be resent.",
    ])
  })

  it.each([
    ['is missing', '/media/missing.jpg', 'media could not be downloaded'],
    ['has a type WhatsApp does not take', '/_sandbox/state', 'media type is not supported'],
  ])('fails when the media %s', async (_name, path, reason) => {
    const msgId = msgIdOf(await send({ to: MARIA, imageUrl: `${standIn.url}${path}` }))
    await standIn.waitFor(() => standIn.outgoing(msgId)?.status === 'failed')
    expect(standIn.outgoing(msgId)?.failedReason).toContain(reason)
    expect(standIn.inbox(MARIA)).toEqual([])
  })
})

describe('a refused send', () => {
  it.each<[object, object]>([
    [{}, { to: ['The to field is required.'] }],
    [{ to: MARIA }, { text: ['The text field is required when no media is present.'] }],
    [{ to: MARIA, text: '' }, { text: ['The text field is required when no media is present.'] }],
    [{ to: MARIA, imageUrl: 'x' }, { imageUrl: ['The image url field must be a valid URL.'] }],
    [{ to: MARIA, text: 'x', replyTo: 999 }, { replyTo: ['The selected reply to is invalid.'] }],
  ])('%o is invalid', async (json, errors) => {
    const answer = await send(json)
    expect(answer.status).toBe(422)
    expect(answer.body).toEqual({
      success: false,
      message: 'Validation failed',
      errors: expect.objectContaining(errors),
    })
  })

  it('takes one kind of content at a time', async () => {
    const location = { latitude: 1, longitude: 2 }
    const answer = await send({ to: MARIA, location, imageUrl: 'http://x.test/a.jpg' })
    expect(Object.keys(answer.body.errors as object)).toEqual(['imageUrl', 'location'])
  })

  it('needs a connected session', async () => {
    await standIn.setStatus(1, 'disconnected')
    const answer = await send({ to: MARIA, text: 'Hello' })
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({
      success: false,
      message: 'Your Whatsapp Session is not connected please connect your session first.',
    })
  })
})
