import nock from 'nock'
import { expect, it } from 'vitest'
import type { Account } from '../../../accounts/account.ts'
import { type AccountId, asId, type KeyId } from '../../../kernel/ids.ts'
import { useNock } from '../../../platforms/upstream/testing/use-nock.ts'
import { createWasenderClient } from '../../../platforms/wasender/client.ts'
import type { MediaNode } from '../../../platforms/wasender/media.ts'
import type { MediaKind, MediaRef } from '../../message/canonical.ts'
import { createDownload } from '../download.ts'
import { createInboundMedia } from './inbound-media.ts'

/** One encrypted file for each kind of node, all with one key and one plaintext, over the real hosts. */
const EXAMPLES: [MediaKind, MediaNode, path: string, file: string][] = [
  ['image', 'imageMessage', 'EXAMPLE_IMAGE', 'GssIBvAmhv30a9J8umhapD7oRTPOepZIyeI='],
  ['sticker', 'stickerMessage', 'EXAMPLE_IMAGE', 'GssIBvAmhv30a9J8umhapD7oRTPOepZIyeI='],
  ['video', 'videoMessage', 'EXAMPLE_VIDEO', 'ymBs2qSWrOurgfR/Kq9H3fTd8C5vdikPOqc='],
  ['round', 'ptvMessage', 'EXAMPLE_VIDEO', 'ymBs2qSWrOurgfR/Kq9H3fTd8C5vdikPOqc='],
  ['voice', 'audioMessage', 'EXAMPLE_AUDIO', 'nVaqpYuwsMzoNprBnGVDDJ6sbkCCYqwoaKE='],
  ['document', 'documentMessage', 'EXAMPLE_DOCUMENT', 'TUN2aA19COBI+i4tzCjDu8mIiBc+9kWCoxU='],
]
const GATEWAY = 'https://www.wasenderapi.com'
const KEY_ID = asId<KeyId>('3EB0A1B2C3D4E5F6071829')

const account = {
  id: asId<AccountId>('sales'),
  baseUrls: { wasender: `${GATEWAY}/api` },
  options: { media: { maxBytes: 1000 } },
  wasender: createWasenderClient({
    account: asId<AccountId>('sales'),
    baseUrl: `${GATEWAY}/api`,
    apiKey: 'a'.repeat(64),
    routes: 'unified',
  }),
} as unknown as Account
const inbound = createInboundMedia({ download: createDownload() })

useNock()

async function read(kind: MediaKind, node: MediaNode, place: Record<string, string>) {
  const media: MediaRef = {
    kind,
    node,
    raw: {
      ...place,
      mimetype: 'x/y',
      fileSha256: '2e5xjUhZJjyiNdhV2U/CvX8PxRMbC05ZMV5yLg1yNbw=',
      fileLength: '14',
      mediaKey: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    },
    mimetype: 'x/y',
    fileName: 'example',
    size: 14,
  }
  const file = await inbound.open(account, { keyId: KEY_ID, media, failures: 0 })
  return new Response((await file.body()) as ReadableStream).text()
}

it.each(EXAMPLES)('%s (%s) through the gateway, without its token', async (kind, node, path) => {
  nock(GATEWAY)
    .post('/api/decrypt-media')
    .reply(200, { success: true, publicUrl: `${GATEWAY}/api/decrypted-media/${KEY_ID}` })
  nock(GATEWAY, { badheaders: ['authorization', 'cookie'] })
    .get(`/api/decrypted-media/${KEY_ID}`)
    .reply(200, 'hello wasender')
  const url = `https://mmg.whatsapp.net/v/t62.0000-24/${path}.enc?ccb=11-4&oe=EXAMPLE&mms3=true`
  expect(await read(kind, node, { url })).toBe('hello wasender')
})

it.each(EXAMPLES)('%s (%s) from WhatsApp', async (kind, node, path, file) => {
  const error = 'No supported media object (image, video, etc.) found in the message.'
  nock(GATEWAY).post('/api/decrypt-media').reply(400, { success: false, error })
  const directPath = `/v/t62.0000-24/${path}.enc?ccb=11-4&oe=EXAMPLE`
  nock('https://mmg.whatsapp.net').get(directPath).reply(200, Buffer.from(file, 'base64'))
  expect(await read(kind, node, { directPath })).toBe('hello wasender')
})
