import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

const DAY_MS = 24 * 60 * 60_000
let now: number
let standIn: TestStandIn

beforeEach(async () => {
  now = Date.UTC(2026, 6, 18)
  standIn = await startTestStandIn({ clock: { now: () => now } })
})
afterEach(() => standIn.close())

const PNG = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1')

async function upload(body: Uint8Array<ArrayBuffer> | string, type?: string) {
  const response = await fetch(`${standIn.apiUrl}/upload`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${standIn.session().apiKey}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    body,
  })
  const answer = (await response.json()) as { publicUrl: string; error?: string }
  return { status: response.status, ...answer }
}

describe('upload', () => {
  it('takes raw bytes, keeps them a day and asks nobody for a key', async () => {
    const { publicUrl } = await upload(PNG, 'image/png')
    expect(publicUrl).toMatch(/\/media\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.png$/)
    const file = await fetch(publicUrl)
    expect(file.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG)
    now += DAY_MS
    expect((await fetch(publicUrl)).status).toBe(404)
  })

  it.each([
    [{ base64: `data:image/png;base64,${PNG.toString('base64')}` }],
    [{ base64: PNG.toString('base64'), mimetype: 'image/png' }],
  ])('takes base64', async (body) => {
    const { publicUrl } = await upload(JSON.stringify(body), 'application/json')
    expect(Buffer.from(await (await fetch(publicUrl)).arrayBuffer())).toEqual(PNG)
  })

  it('refuses bytes of another type, and no type at all', async () => {
    expect(await upload(PNG, 'image/jpeg')).toMatchObject({ status: 422 })
    expect(await upload(PNG)).toMatchObject({ status: 422 })
    expect(await upload('{}', 'application/json')).toMatchObject({ status: 422 })
  })

  it.each([
    ['image/webp', 5],
    ['image/png', 16],
  ])('limits %s to %i MB', async (type, megabytes) => {
    const head = type === 'image/webp' ? Buffer.from('RIFF....WEBP') : PNG
    const bytes = Buffer.concat([head, Buffer.alloc(megabytes * 1024 * 1024)])
    expect(await upload(bytes, type)).toEqual({
      status: 413,
      success: false,
      error: `File size exceeds the limit of ${megabytes} MB for this file type.`,
    })
  })
})

describe('media from people', () => {
  const decrypt = (node: unknown, id = '3EB0A1B2C3D4E5F6071829') =>
    standIn.request('POST', '/decrypt-media', {
      data: { messages: { key: { id }, message: node } },
    })

  it.each(['image', 'video', 'audio', 'voice', 'document', 'sticker', 'gif'] as const)(
    'is encrypted like on WhatsApp and decrypted on request: %s',
    async (kind) => {
      const maria = standIn.person({ phone: '+15550001111' })
      const bytes = Buffer.from(`the ${kind}`)
      const { keyId } = maria.sendMedia(kind, bytes, { mimetype: 'x/y' })
      const { node } = standIn.chat('+15550001111')[0] ?? {}
      const [media] = Object.values(node ?? {}) as { url: string }[]
      const encrypted = Buffer.from(await (await fetch(media?.url ?? '')).arrayBuffer())
      expect(encrypted.includes(bytes)).toBe(false)

      const { body } = await decrypt(node, keyId)
      expect(body.publicUrl).toBe(`${standIn.apiUrl}/decrypted-media/${keyId}`)
      const file = await fetch(String(body.publicUrl))
      expect(await file.text()).toBe(`the ${kind}`)
      expect(file.headers.get('content-type')).toBe('x/y')
    },
  )

  it('forgets decrypted files after an hour', async () => {
    standIn.person({ phone: '+15550001111' }).sendMedia('image', PNG, { mimetype: 'image/png' })
    const { body } = await decrypt(standIn.chat('+15550001111')[0]?.node)
    now += 60 * 60_000
    expect((await fetch(String(body.publicUrl))).status).toBe(404)
  })

  // The published vector: independent of this code's own encryption.
  const VECTOR = {
    mimetype: 'image/jpeg',
    fileSha256: '2e5xjUhZJjyiNdhV2U/CvX8PxRMbC05ZMV5yLg1yNbw=',
    mediaKey: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  }
  it.each([
    ['image', 'GssIBvAmhv30a9J8umhapD7oRTPOepZIyeI='],
    ['video', 'ymBs2qSWrOurgfR/Kq9H3fTd8C5vdikPOqc='],
    ['audio', 'nVaqpYuwsMzoNprBnGVDDJ6sbkCCYqwoaKE='],
    ['document', 'TUN2aA19COBI+i4tzCjDu8mIiBc+9kWCoxU='],
  ])('agrees with the test vector: %s', async (kind, encrypted) => {
    const path = `/v/t62.0000-24/EXAMPLE_${kind.toUpperCase()}.enc`
    const blob = await (await fetch(`${standIn.url}${path}`)).arrayBuffer()
    expect(Buffer.from(blob).toString('base64')).toBe(encrypted)
    const url = `https://mmg.whatsapp.net${path}?ccb=11-4&mms3=true`
    const { body } = await decrypt({ [`${kind}Message`]: { ...VECTOR, url } })
    expect(await (await fetch(String(body.publicUrl))).text()).toBe('hello wasender')
  })

  it.each([
    ['a wrapped node', { viewOnceMessage: { message: { imageMessage: VECTOR } } }],
    ['a node without a key', { imageMessage: { url: 'https://x.test/', mimetype: 'image/png' } }],
  ])('does not find media in %s', async (_name, node) => {
    expect((await decrypt(node)).body).toEqual({
      success: false,
      error: 'No supported media object (image, video, etc.) found in the message.',
    })
  })

  it('does not decrypt with keys of another kind or an unknown file', async () => {
    const url = `${standIn.url}/v/t62.0000-24/EXAMPLE_IMAGE.enc`
    expect((await decrypt({ videoMessage: { ...VECTOR, url } })).status).toBe(422)
    const gone = `${standIn.url}/v/gone.enc`
    expect((await decrypt({ imageMessage: { ...VECTOR, url: gone } })).status).toBe(422)
  })
})
