import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

let standIn: TestStandIn
beforeEach(async () => {
  standIn = await startTestStandIn({ notOnWhatsapp: ['+15550009999'] })
  standIn.person({
    phone: '+15550001111',
    lid: '189975000000001',
    name: 'Maria',
    username: 'maria_example',
    aliases: ['155500011119'],
  })
})
afterEach(() => standIn.close())

const get = async (path: string) => {
  const { status, body } = await standIn.request('GET', path)
  return status === 200 ? body.data : [status, body.error]
}

describe('look-ups', () => {
  it.each([
    ['+15550001111', true],
    ['15550001111@s.whatsapp.net', true],
    ['189975000000001@lid', true],
    ['@maria_example', true],
    ['155500011119', true],
    ['+15558887777', true],
    ['+15550009999', false],
    ['1899@lid', false],
    ['@nobody', false],
    ['nonsense', false],
  ])('%s on WhatsApp: %s', async (id, exists) => {
    expect(await get(`/on-whatsapp/${encodeURIComponent(id)}`)).toEqual({ exists })
  })

  it('finds LID and number of each other', async () => {
    expect(await get('/lid-from-pn/15550001111@s.whatsapp.net')).toEqual({
      lid: '189975000000001@lid',
    })
    expect(await get('/pn-from-lid/189975000000001@lid')).toEqual({
      pn: '15550001111@s.whatsapp.net',
    })
    expect(await get('/pn-from-lid/1899@lid')).toEqual([404, 'LID not found or invalid.'])
    expect(await get('/fetch-username/%2B15550001111')).toEqual({
      jid: '15550001111@s.whatsapp.net',
      username: 'maria_example',
    })
  })

  it('knows only registered people when told so', async () => {
    const strict = await startTestStandIn({ unknownNumbers: 'missing' })
    const { body } = await strict.request('GET', '/on-whatsapp/15558887777')
    await strict.close()
    expect(body.data).toEqual({ exists: false })
  })
})

describe('contacts', () => {
  const maria = {
    name: 'Maria Example',
    notify: 'Maria',
    verifiedName: null,
    imgUrl: null,
    status: null,
  }

  it('are listed, in pages when asked for, and saved by name', async () => {
    const saved = { jid: '15550001111@s.whatsapp.net', fullName: 'Maria Example' }
    expect((await standIn.request('PUT', '/contacts', saved)).body.data).toEqual(saved)
    const row = { jid: '15550001111@s.whatsapp.net', ...maria }
    expect(await get('/contacts')).toEqual([row])
    standIn.person({ phone: '+15550003333' })
    expect(await get('/contacts?paginated=true&page=1&limit=1')).toEqual({
      items: [row],
      pagination: { page: 1, limit: 1, total: 2, totalPages: 2 },
    })
    expect(await get('/contacts/15550001111')).toEqual({ id: row.jid, ...maria })
    const refused = await standIn.request('PUT', '/contacts', {})
    expect(refused.body).toEqual({ success: false, error: 'The jid field is required.' })
  })

  it('have a picture, or none', async () => {
    expect(await get('/contacts/15550001111/picture')).toEqual({ imgUrl: null })
    standIn.person({ phone: '+15550001111', imgUrl: 'https://pps.example/1.jpg' })
    expect(await get('/contacts/15550001111/picture')).toEqual({
      imgUrl: 'https://pps.example/1.jpg',
    })
  })

  it('are blocked and unblocked', async () => {
    const block = (action: string) => standIn.request('POST', `/contacts/15550001111/${action}`)
    expect((await block('block')).body.data).toEqual({ message: 'Contact blocked' })
    expect((await block('unblock')).body.data).toEqual({ message: 'Contact unblocked' })
  })
})

describe('small session routes', () => {
  it('marks a message as read', async () => {
    const { keyId } = standIn.person({ phone: '+15550001111' }).sendText('Hola')
    const key = { id: keyId, remoteJid: '189975000000001@lid', fromMe: false }
    const { body } = await standIn.request('POST', '/messages/read', { key })
    expect(body).toEqual({ success: true, data: { status: 'read' } })
    expect(standIn.chat('+15550001111')[0]?.readAt).toEqual(expect.any(Number))
    const refused = await standIn.request('POST', '/messages/read', { key: { id: '' } })
    expect(refused.body).toEqual({
      success: false,
      error: 'The key.id field is required and must be a non-empty string.',
    })
  })

  it('updates the presence', async () => {
    const presence = (json: object) => standIn.request('POST', '/send-presence-update', json)
    const composing = { jid: '15550001111@s.whatsapp.net', type: 'composing' }
    expect((await presence(composing)).body.data).toEqual(composing)
    expect((await presence({ ...composing, jid: '+15550001111' })).body.error).toBe(
      'Error sending presence update: Invalid JID provided.',
    )
    expect((await presence({ ...composing, type: 'dancing' })).status).toBe(422)
  })
})
