import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileTypeOf } from './attachments.ts'
import { type ChatwootStandIn, startChatwootStandIn } from './server.ts'
import { clientOf, startConversation } from './test-support.ts'

const clock = { time: 1_785_247_081_000, now: () => clock.time }
let standIn: ChatwootStandIn
beforeEach(async () => {
  standIn = await startChatwootStandIn({ clock, attachmentRaceMs: 2000 })
})
afterEach(async () => {
  expect(standIn.crashes).toEqual([])
  await standIn.close()
})

test.each([
  ['image/jpeg', 'image'],
  ['image/heic', 'file'],
  ['video/mp4', 'video'],
  ['video/mp4; codecs=avc1', 'file'],
  ['video/3gpp', 'file'],
  ['audio/ogg; codecs=opus', 'audio'],
  ['application/pdf', 'file'],
])('%s is %s', (contentType, fileType) => {
  expect(fileTypeOf(contentType)).toBe(fileType)
})

async function post(...files: File[]) {
  const { conversationId } = await startConversation(standIn)
  const form = new FormData()
  form.append('content', 'look')
  form.append('message_type', 'incoming')
  form.append('content_attributes', JSON.stringify({ any: 'key' }))
  for (const file of files) form.append('attachments[]', file)
  return clientOf(standIn)('POST', `conversations/${conversationId}/messages`, form)
}

test('multipart files become attachments in order', async () => {
  const { status, body } = await post(
    new File(['picture'], 'photo.jpg', { type: 'image/jpeg' }),
    new File(['sound'], 'voice.ogg', { type: 'audio/ogg' }),
  )
  expect(status).toBe(200)
  expect(body).toMatchObject({
    content: 'look',
    content_attributes: { any: 'key' },
    attachments: [
      { file_type: 'image', extension: 'jpg', content_type: 'image/jpeg', file_size: 7 },
      { file_type: 'audio', extension: 'ogg', thumb_url: '', transcribed_text: '' },
    ],
  })
  expect(body.attachments[0].thumb_url).toContain('/representations/redirect/')
  expect(body.attachments[1].data_url).toMatch(/voice\.ogg\?disposition=inline$/)
})

test('a field without brackets is refused', async () => {
  const { conversationId } = await startConversation(standIn)
  const form = new FormData()
  form.append('attachments', new File(['x'], 'x.txt'))
  const { status } = await clientOf(standIn)(
    'POST',
    `conversations/${conversationId}/messages`,
    form,
  )
  expect(status).toBe(422)
})

test('the address leads by a redirect to the bytes, after the race, for five minutes', async () => {
  const { body } = await post(new File(['picture'], 'photo ü.jpg', { type: 'image/jpeg' }))
  const redirect = await fetch(body.attachments[0].data_url, { redirect: 'manual' })
  expect(redirect.status).toBe(302)
  const location = redirect.headers.get('location') ?? ''
  expect((await fetch(location)).status).toBe(404)
  clock.time += 2000
  const download = await fetch(location)
  expect(download.headers.get('content-type')).toBe('image/jpeg')
  expect(download.headers.get('content-length')).toBe('7')
  expect(await download.text()).toBe('picture')
  clock.time += 5 * 60_000
  expect((await fetch(location)).status).toBe(404)
  expect((await fetch(body.attachments[0].data_url)).status).toBe(200)
})

test('a direct upload is attached by its signed id', async () => {
  const { conversationId } = await startConversation(standIn)
  const call = clientOf(standIn)
  const upload = await call('POST', `conversations/${conversationId}/direct_uploads`, {
    blob: { filename: 'a.pdf', byte_size: 3, checksum: 'x', content_type: 'application/pdf' },
  })
  const { url, headers } = upload.body.direct_upload
  expect((await fetch(url, { method: 'PUT', headers, body: 'pdf' })).status).toBe(204)
  const { body } = await call('POST', `conversations/${conversationId}/messages`, {
    attachments: [upload.body.signed_id],
  })
  expect(body.attachments).toMatchObject([{ file_type: 'file', file_size: 3 }])
  clock.time += 2000
  const stored = standIn.messages(conversationId).at(-1)?.attachments[0]
  expect(Buffer.from(await standIn.attachmentBytes(stored!)).toString()).toBe('pdf')
  const unknown = await call('POST', `conversations/${conversationId}/messages`, {
    attachments: ['forged'],
  })
  expect(unknown.status).toBe(422)
})

test('a deleted message loses its attachments', async () => {
  const { body } = await post(new File(['x'], 'x.txt', { type: 'text/plain' }))
  const { body: deleted } = await clientOf(standIn)(
    'DELETE',
    `conversations/${body.conversation_id}/messages/${body.id}`,
  )
  expect(deleted).toMatchObject({ content_attributes: { deleted: true } })
  expect(deleted).not.toHaveProperty('attachments')
})

test('before 4.13 attachments say less', async () => {
  const old = await startChatwootStandIn({ version: '4.12.1' })
  const { conversationId } = await startConversation(old)
  const form = new FormData()
  form.append('attachments[]', new File(['x'], 'voice.ogg', { type: 'audio/ogg' }))
  const { body } = await clientOf(old)('POST', `conversations/${conversationId}/messages`, form)
  expect(body.attachments[0]).toMatchObject({ extension: null })
  expect(body.attachments[0]).not.toHaveProperty('content_type')
  expect(body.attachments[0].data_url).not.toContain('disposition')
  await old.close()
})

test('a picture is measured a moment after it was stored', async () => {
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(16)])
  png.writeUInt32BE(64, 16)
  png.writeUInt32BE(48, 20)
  const { body } = await post(new File([png], 'photo.png', { type: 'image/png' }))
  expect(body.attachments).toMatchObject([{ width: null, height: null }])
  const call = clientOf(standIn)
  const measured = async () =>
    (await call('GET', `conversations/${body.conversation_id}/messages`)).body.payload[0]
      .attachments
  await expect.poll(measured).toMatchObject([{ width: 64, height: 48 }])
})
