import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TransientError } from '../../../kernel/errors.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import { createDownload } from '../download.ts'
import { SEND_LIMITS } from '../limits.ts'
import { createOutboundMedia, type Prepared } from './outbound-media.ts'
import { type MediaWorld, sampleFile, startMediaWorld } from './testing.ts'
import { createVoiceEncoder } from './voice-encoder.ts'

let world: MediaWorld

beforeAll(async () => {
  world = await startMediaWorld()
})
afterAll(async () => {
  expect(world.chatwoot.crashes).toEqual([])
  await world.close()
})

const { prepare } = createOutboundMedia({
  download: createDownload(),
  voice: createVoiceEncoder({ command: '/nonexistent/ffmpeg' }),
})
const files = () => world.account().texts.files

/** What is behind the address that goes to WhatsApp. */
async function placed(prepared: Prepared) {
  if ('refuse' in prepared) throw new Error(prepared.refuse)
  const { content } = prepared
  if (!('url' in content)) throw new Error('There is no file in it')
  const response = await fetch(content.url)
  const bytes = Buffer.from(await response.arrayBuffer())
  return { ...content, bytes, type: response.headers.get('content-type') }
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('the call succeeded')
}

const { image, audio, document } = SEND_LIMITS

describe('prepare', () => {
  it.each([
    ['image/jpeg', 'photo.jpg', 20_000, 'image', 'image/jpeg'],
    ['image/png', 'label.png', image.bytes, 'image', 'image/png'],
    ['image/png', 'large.png', image.bytes + 1, 'document', 'image/png'],
    ['image/webp', 'sticker.webp', 20_000, 'document', 'image/webp'],
    ['image/webp', 'large.webp', image.bytes + 1, 'document', 'application/octet-stream'],
    ['image/gif', 'fun.gif', 20_000, 'document', 'image/gif'],
    ['video/mp4', 'film.mp4', 20_000, 'video', 'video/mp4'],
    ['video/3gpp', 'film.3gp', 20_000, 'video', 'video/3gpp'],
    ['video/quicktime', 'film.mov', 20_000, 'document', 'video/quicktime'],
    ['audio/mpeg', 'song.mp3', 20_000, 'audio', 'audio/mpeg'],
    ['audio/mpeg', 'long.mp3', audio.bytes + 1, 'document', 'application/octet-stream'],
    ['audio/ogg', 'voice.ogg', 20_000, 'audio', 'audio/ogg'],
    ['audio/amr', 'voice.amr', 20_000, 'audio', 'audio/amr'],
    ['audio/mp4', 'voice.m4a', 20_000, 'audio', 'audio/mp4'],
    ['application/pdf', 'Rechnung Nº 5.pdf', 20_000, 'document', 'application/pdf'],
    ['application/octet-stream', 'data.bin', 1, 'document', 'application/octet-stream'],
  ])('%s (%s, %d bytes) becomes %s', async (contentType, filename, size, kind, type) => {
    const bytes = sampleFile(contentType, size)
    const attachment = await world.attach({ filename, contentType, bytes })
    const sent = await placed(await prepare(world.account(), attachment, { attempts: 0 }))
    expect(sent).toMatchObject({ kind, type })
    if (sent.kind === 'document') expect(sent.fileName).toBe(filename)
    expect(sent.bytes.equals(bytes)).toBe(true)
  })

  it.each([
    ['image/png', 'a.png', 'image'],
    ['application/pdf', 'a.pdf', 'document'],
    ['audio/mpeg', 'a.mp3', 'document'],
    ['text/vcard', 'a.vcf', 'document'],
  ])('keeps the caption of %s', async (contentType, filename, kind) => {
    const attachment = await world.attach({ filename, contentType, bytes: sampleFile(contentType) })
    const options = { caption: '*Your* file', attempts: 0 }
    expect(await prepare(world.account(), attachment, options)).toMatchObject({
      content: { kind, caption: '*Your* file' },
    })
  })

  it('finds out what a file is that nobody named', async () => {
    const bytes = sampleFile('image/jpeg')
    const contentType = 'application/octet-stream'
    const attachment = await world.attach({ filename: 'upload', contentType, bytes })
    const sent = await placed(await prepare(world.account(), attachment, { attempts: 0 }))
    expect(sent).toMatchObject({ kind: 'image', type: 'image/jpeg' })
  })

  it('does not believe a wrong name', async () => {
    const bytes = sampleFile('application/pdf')
    const file = { filename: 'photo.jpg', contentType: 'image/jpeg', bytes }
    const attachment = await world.attach(file)
    const sent = await placed(await prepare(world.account(), attachment, { attempts: 0 }))
    expect(sent).toMatchObject({ kind: 'document', type: 'application/pdf', fileName: 'photo.jpg' })
  })

  it('sends the card of a .vcf as a contact and several as a file', async () => {
    const card = 'BEGIN:VCARD\nFN:Maria Souza\nTEL:+5511987654321\nEND:VCARD\n'
    const contentType = 'text/vcard'
    const one = { filename: 'maria.vcf', contentType, bytes: Buffer.from(card) }
    expect(await prepare(world.account(), await world.attach(one), { attempts: 0 })).toEqual({
      content: { kind: 'contact', name: 'Maria Souza', phone: '+5511987654321' },
    })
    const bytes = Buffer.from(card + card)
    const two = await world.attach({ filename: 'all.vcf', contentType, bytes })
    const sent = await placed(await prepare(world.account(), two, { attempts: 0 }))
    expect(sent).toMatchObject({ kind: 'document', fileName: 'all.vcf', type: 'text/vcard' })
    expect(sent.bytes.equals(bytes)).toBe(true)
  })

  it('hands over the address of Chatwoot when told to', async () => {
    const bytes = sampleFile('image/png')
    const file = { filename: 'a.png', contentType: 'image/png', bytes }
    const attachment = await world.attach(file)
    const uploads = world.wasender.countOf('/api/upload')
    const prepared = await prepare(world.account({ via: 'link' }), attachment, { attempts: 0 })
    expect(prepared).toEqual({ content: { kind: 'image', url: attachment.dataUrl } })
    expect((await placed(prepared)).bytes.equals(bytes)).toBe(true)
    expect(world.wasender.countOf('/api/upload')).toBe(uploads)
  })
})

describe('a file that cannot be sent', () => {
  const pdf = (size: number) => ({
    filename: 'a.pdf',
    contentType: 'application/pdf',
    bytes: sampleFile('application/pdf', size),
  })
  const refusal = async (attachment: Attachment, maxBytes = document.bytes, attempts = 0) =>
    prepare(world.account({ maxBytes }), attachment, { attempts })

  it('is refused when it is empty', async () => {
    expect(await refusal(await world.attach(pdf(0)))).toEqual({ refuse: files().empty })
  })

  it('is refused with the limit when it is larger, before it is fetched', async () => {
    const attachment = await world.attach(pdf(2001))
    const calls = world.wasender.calls.length
    expect(await refusal(attachment, 2000)).toEqual({ refuse: files().tooLarge('2 KB') })
    expect(world.wasender.calls).toHaveLength(calls)
  })

  it('is refused also when nobody announced its size', async () => {
    const { fileSize: _, ...attachment } = await world.attach(pdf(200_001))
    expect(await refusal(attachment, 200_000)).toEqual({ refuse: files().tooLarge('200 KB') })
  })

  it('is refused when it is gone or there is none', async () => {
    const attachment = await world.attach(pdf(1000))
    const gone = { ...attachment, dataUrl: attachment.dataUrl?.replace('--', '-') ?? '' }
    expect(await refusal(gone, document.bytes, 5)).toEqual({ refuse: files().gone })
    expect(await refusal({ fileType: 'fallback' })).toEqual({ refuse: files().noFile })
  })

  it.each([
    'http://192.168.1.1/a.pdf',
    'https://127.0.0.1/a.pdf',
    'ftp://x.example/a.pdf',
    'a.pdf',
  ])('is not fetched from %s', async (dataUrl) => {
    expect(await refusal({ fileType: 'file', dataUrl })).toEqual({ refuse: files().blocked })
  })

  it('is refused when the gateway does not take it', async () => {
    const attachment = await world.attach(pdf(1000))
    const body = { success: false, error: 'The file content does not match the Content-Type.' }
    world.wasender.faults.add({ kind: 'answer', path: '/upload', status: 422, body, times: 1 })
    expect(await refusal(attachment)).toEqual({ refuse: files().refused })
  })
})

describe('trouble that passes', () => {
  const file = () => ({
    filename: 'a.png',
    contentType: 'image/png',
    bytes: sampleFile('image/png', 300_000),
  })

  it.each([
    ['the file is not in the storage yet', 'chatwoot', '/disk/', { kind: 'answer', status: 404 }],
    ['S3 says so by 403', 'chatwoot', '/disk/', { kind: 'answer', status: 403 }],
    ['the storage is in trouble', 'chatwoot', '/disk/', { kind: 'answer', status: 503 }],
    ['Chatwoot is', 'chatwoot', '/redirect/', { kind: 'html' }],
    ['the storage hangs up', 'chatwoot', '/disk/', { kind: 'refuse' }],
    ['the gateway hangs up', 'wasender', '/upload', { kind: 'refuse' }],
    ['the gateway is in trouble', 'wasender', '/upload', { kind: 'html' }],
    ['the answer of the upload is lost', 'wasender', '/upload', { kind: 'drop-after' }],
    ['too many uploads', 'wasender', '/upload', { kind: 'answer', status: 429 }],
  ] as const)('is transient and over at the next attempt: %s', async (_what, side, path, fault) => {
    const attachment = await world.attach(file())
    world[side].faults.add({ ...fault, path, times: 1 })
    const failed = prepare(world.account(), attachment, { attempts: 0 })
    expect(await failureOf(failed)).toBeInstanceOf(TransientError)
    const again = await prepare(world.account(), attachment, { attempts: 1 })
    expect(again).toMatchObject({ content: { kind: 'image' } })
  })
})

describe('a storage that does not do what it says', () => {
  let server: Server
  /** How it answers, by path. */
  const pages: Record<string, (write: (chunk: Uint8Array) => void) => void> = {}
  const headers: Record<string, string> = {}

  beforeAll(async () => {
    server = createServer((request, response) => {
      const page = pages[request.url ?? '']
      if (request.url?.startsWith('/rails')) {
        response.writeHead(302, { location: '/stored' }).end()
        return
      }
      response.writeHead(200, headers)
      page?.((chunk) => response.write(chunk))
      if (headers['x-breaks'] === undefined) response.end()
      else setImmediate(() => response.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => server.close())

  const prepareFrom = (bytes: Uint8Array, given: Record<string, string>, fields = {}) => {
    for (const name of Object.keys(headers)) delete headers[name]
    Object.assign(headers, given)
    pages['/stored'] = (write) => write(bytes)
    const chatwoot = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const account = { ...world.account(), baseUrls: { wasender: '', chatwoot } }
    const dataUrl = 'https://wrong.example/rails/active_storage/blobs/redirect/x/a.png'
    return prepare(account, { fileType: 'image', dataUrl, ...fields }, { attempts: 0 })
  }

  it('is asked at the configured address, whatever the address of the file says', async () => {
    const bytes = sampleFile('image/png')
    const sent = await placed(await prepareFrom(bytes, {}))
    expect(sent).toMatchObject({ kind: 'image', type: 'image/png' })
    expect(sent.bytes.equals(bytes)).toBe(true)
  })

  it('makes a document of an image that turns out to be too large on the way', async () => {
    const bytes = sampleFile('image/png', image.bytes + 1)
    const sent = await placed(await prepareFrom(bytes, {}, { fileSize: 5 }))
    expect(sent).toMatchObject({ kind: 'document', fileName: 'a.png' })
    expect(sent.bytes.equals(bytes)).toBe(true)
  })

  it('is tried again when it breaks off, and nothing is uploaded', async () => {
    const bytes = sampleFile('image/png')
    const given = { 'x-breaks': '1', 'content-length': String(bytes.length * 2) }
    expect(await failureOf(prepareFrom(bytes, given))).toMatchObject({ code: 'media.unreachable' })
    const upload = () => world.wasender.callsTo('/upload').at(-1)?.status
    await world.wasender.waitFor(() => upload() !== 'pending')
    expect(upload()).not.toBe(200)
  })
})
