import { describe, expect, it } from 'vitest'
import { PermanentError, TransientError } from '../../kernel/errors.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import { failure, gateway, KEY_ID, testClient } from './fixtures.ts'
import type { MediaNode } from './media.ts'

useNock()

const { media, presence } = testClient()
const publicUrl = 'https://www.wasenderapi.com/api/decrypted-media/3EB0F00DF00DF00DF00D01'
const message = { url: 'https://mmg.whatsapp.net/a.enc', mimetype: 'image/jpeg', mediaKey: 'AAEC' }
const file = { body: new Uint8Array([0xff, 0xd8, 0xff]), contentType: 'image/jpeg' }

describe('media.upload', () => {
  it('sends raw bytes with their type', async () => {
    gateway()
      .matchHeader('content-type', 'image/jpeg')
      .post('/upload', (body) => body === 'ffd8ff')
      .reply(200, { success: true, publicUrl })
    expect(await media.upload(file)).toEqual({ publicUrl })
  })

  it('is refused when too large and transient in trouble', async () => {
    gateway().post('/upload').reply(422, {
      success: false,
      error: 'File size exceeds the limit of 16 MB for this file type.',
    })
    const error = await failure(media.upload(file))
    expect(error).toBeInstanceOf(PermanentError)
    expect(error).toMatchObject({ code: 'wasender.too_large' })
    gateway().post('/upload').reply(502, '')
    expect(await failure(media.upload(file))).toBeInstanceOf(TransientError)
  })
})

describe('media.decrypt', () => {
  it.each<[MediaNode, string]>([
    ['imageMessage', 'imageMessage'],
    ['audioMessage', 'audioMessage'],
    ['ptvMessage', 'videoMessage'],
  ])('asks for %s as %s', async (node, written) => {
    gateway()
      .post('/decrypt-media', {
        data: { messages: { key: { id: KEY_ID }, message: { [written]: message } } },
      })
      .reply(200, { success: true, publicUrl })
    expect(await media.decrypt({ keyId: KEY_ID, node, message })).toEqual({ publicUrl })
  })

  it.each([
    [{ publicUrl }],
    [{ success: true, data: { publicUrl } }],
    [{ success: true, publicUrl, data: null }],
  ])('finds the address in %j', async (body) => {
    gateway().post('/decrypt-media').reply(200, body)
    const found = await media.decrypt({ keyId: KEY_ID, node: 'imageMessage', message })
    expect(found).toEqual({ publicUrl })
  })

  it.each(['file:///etc/passwd', 'not a url', '', 7])(
    'does not take %j for an address',
    async (bad) => {
      gateway().post('/decrypt-media').reply(200, { success: true, publicUrl: bad })
      const asked = media.decrypt({ keyId: KEY_ID, node: 'imageMessage', message })
      expect(await failure(asked)).toBeInstanceOf(TransientError)
    },
  )

  it('is refused for what is no media', async () => {
    gateway()
      .post('/decrypt-media')
      .reply(400, { success: false, error: 'No supported media object (image, video, etc.) found' })
    const asked = media.decrypt({ keyId: KEY_ID, node: 'imageMessage', message })
    expect(await failure(asked)).toBeInstanceOf(PermanentError)
  })
})

describe('presence.send', () => {
  it('writes the state as the type', async () => {
    gateway()
      .post('/send-presence-update', { jid: '1@lid', type: 'composing', delayMs: 3000 })
      .reply(200, { success: true, data: { jid: '1@lid', type: 'composing' } })
    await presence.send({ jid: '1@lid', state: 'composing', delayMs: 3000 })
  })
})
