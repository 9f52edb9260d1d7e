import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MediaKind } from '../sandbox/wasender/nodes.ts'
import type { Person } from '../sandbox/wasender/people.ts'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+15550001111'
const MB = 1_000_000
let world: World
let maria: Person

beforeAll(async () => {
  world = await startWorld()
  maria = world.wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
})
afterEach(() => {
  world.wasender.faults.clear()
  world.chatwoot.faults.clear()
})
afterAll(() => world.close())

/** Every byte value, and no two files alike. */
function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[index] = state >>> 24
  }
  return bytes
}

const messagesOf = (keyId: string) =>
  world.chatwoot.allMessages().filter(({ sourceId }) => sourceId === keyId)
const arrived = (keyId: string) =>
  world.chatwoot.waitFor(() => messagesOf(keyId)[0], { timeoutMs: 20_000 })

async function attachmentOf(keyId: string) {
  const message = await arrived(keyId)
  expect(message.attachments).toHaveLength(1)
  const attachment = message.attachments[0]!
  const bytes = await world.chatwoot.attachmentBytes(attachment)
  return { message, attachment, bytes }
}

const isEqual = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

/** The gateway cannot open any file. */
const noDecryption = () =>
  world.wasender.faults.add({
    kind: 'answer',
    path: '/decrypt-media',
    status: 422,
    body: { success: false, error: 'No supported media object (image, video, etc.) found' },
  })

type Case = [MediaKind, mimetype: string, bare: string, fileType: string, extension: RegExp]
const KINDS: Case[] = [
  ['image', 'image/jpeg', 'image/jpeg', 'image', /\.jpe?g$/],
  ['video', 'video/mp4', 'video/mp4', 'video', /\.mp4$/],
  ['gif', 'video/mp4', 'video/mp4', 'video', /\.mp4$/],
  ['round-video', 'video/mp4', 'video/mp4', 'video', /\.mp4$/],
  ['audio', 'audio/mpeg', 'audio/mpeg', 'audio', /\.mp3$/],
  ['voice', 'audio/ogg; codecs=opus', 'audio/ogg', 'audio', /\.(ogg|oga|opus)$/],
  ['document', 'application/pdf', 'application/pdf', 'file', /^price list\.pdf$/],
  ['sticker', 'image/webp', 'image/webp', 'image', /\.webp$/],
]

describe.each([
  ['decrypted by the gateway', () => undefined],
  ['decrypted by the bridge', noDecryption],
])('media %s', (_way, prepare) => {
  it.each(KINDS)('%s: equal bytes, right type and name', async (...given) => {
    prepare()
    const [kind, mimetype, bare, fileType, extension] = given
    const bytes = bytesOf(70_001, kind.length)
    const fileName = kind === 'document' ? { fileName: 'price list.pdf' } : {}
    const sent = maria.sendMedia(kind, bytes, { mimetype, ...fileName })
    const got = await attachmentOf(sent.keyId)
    expect(isEqual(got.bytes, bytes)).toBe(true)
    expect(got.attachment).toMatchObject({ contentType: bare, fileType })
    expect(got.attachment.filename).toMatch(extension)
    expect(got.attachment.isVoice).toBe(kind === 'voice')
    expect(got.message).toMatchObject({ messageType: 'incoming', private: false })
  })

  it.each([0, 1, 15, 16, 17, 65_536])('a file of %i bytes', async (length) => {
    prepare()
    const bytes = bytesOf(length)
    const sent = maria.sendMedia('document', bytes, { mimetype: 'text/plain', fileName: 'a.txt' })
    expect(isEqual((await attachmentOf(sent.keyId)).bytes, bytes)).toBe(true)
  })

  it('30 MB pass through without being held in memory', async () => {
    prepare()
    const residentMb = async () => {
      const metrics = await (await fetch(`${world.bridge.url}/metrics`)).text()
      return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]) / MB
    }
    const before = await residentMb()
    const bytes = bytesOf(30 * MB)
    const sent = maria.sendMedia('video', bytes, { mimetype: 'video/mp4', caption: 'Long one' })
    let peak = before
    const probe = setInterval(async () => {
      peak = Math.max(peak, await residentMb())
    }, 20)
    const { message, bytes: got } = await attachmentOf(sent.keyId).finally(() =>
      clearInterval(probe),
    )
    expect(message.content).toBe('Long one')
    expect(isEqual(got, bytes)).toBe(true)
    expect(peak - before).toBeLessThan(40)
  })
})

describe('a file that cannot be had', () => {
  /** The node of a file that was sent, to be sent again with something wrong in it. */
  async function documentNode() {
    const { keyId } = maria.sendMedia('document', bytesOf(5000), {
      mimetype: 'application/pdf',
      fileName: 'offer.pdf',
      caption: 'Our *offer*',
    })
    await arrived(keyId)
    const sent = world.wasender.chat(PHONE).find((message) => message.keyId === keyId)
    return sent?.node?.documentMessage as Record<string, unknown>
  }

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'whose MAC does not fit',
      { mediaKey: Buffer.alloc(32, 9).toString('base64') },
      /\[Document offer\.pdf: .*damaged.*phone\.\]$/,
    ],
    ['whose hash does not fit', { fileSha256: Buffer.alloc(32).toString('base64') }, /damaged/],
    ['that is gone', { url: 'GONE', directPath: undefined }, /no longer.*phone/],
    ['that is too large', { fileLength: '2000000000' }, /too large/],
  ])('%s: the text and a note, once', async (_what, wrong, words) => {
    const node = await documentNode()
    const url = wrong.url === 'GONE' ? { url: `${world.wasender.url}/v/t62.7118-24/gone.enc` } : {}
    const sent = maria.sendRaw({ documentMessage: { ...node, ...wrong, ...url } })
    const message = await arrived(sent.keyId)
    expect(message.content).toMatch(/^Our \*\*offer\*\*\n\n/)
    expect(message.content).toMatch(words)
    expect(message.attachments).toEqual([])
    const after = maria.sendText('Did you get it?')
    await arrived(after.keyId)
    expect(messagesOf(sent.keyId)).toHaveLength(1)
  })

  it('comes when the trouble is over, once, and before what was said after it', async () => {
    const { wasender } = world
    const fault = { kind: 'answer', status: 503, times: 1 } as const
    wasender.faults.add({ ...fault, path: '/decrypt-media' })
    wasender.faults.add({ ...fault, path: '/v/t62' })
    const bytes = bytesOf(3000)
    const sent = maria.sendMedia('image', bytes, { mimetype: 'image/jpeg' })
    const after = maria.sendText('See the picture?')
    const text = await arrived(after.keyId)
    const { message, bytes: got } = await attachmentOf(sent.keyId)
    expect(isEqual(got, bytes)).toBe(true)
    expect(message.id).toBeLessThan(text.id)
    expect(messagesOf(sent.keyId)).toHaveLength(1)
  })

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'https://evil.example/file',
    'http://localhost:1/',
  ])('is not fetched from %s', async (publicUrl) => {
    world.wasender.faults.add({
      kind: 'answer',
      path: '/decrypt-media',
      status: 200,
      body: { success: true, publicUrl },
    })
    const bytes = bytesOf(3000, 5)
    const sent = maria.sendMedia('image', bytes, { mimetype: 'image/jpeg' })
    expect(isEqual((await attachmentOf(sent.keyId)).bytes, bytes)).toBe(true)
  })

  it('is told from what the gateway hands out instead', async () => {
    world.wasender.faults.add({
      kind: 'answer',
      path: '/api/decrypted-media',
      status: 200,
      body: '<html>a page that says something went wrong</html>',
      times: 1,
    })
    const bytes = bytesOf(3000, 6)
    const sent = maria.sendMedia('image', bytes, { mimetype: 'image/jpeg' })
    expect(isEqual((await attachmentOf(sent.keyId)).bytes, bytes)).toBe(true)
    expect(messagesOf(sent.keyId)).toHaveLength(1)
  })
})

describe('Chatwoot in trouble', () => {
  it.each(['drop-after', 'refuse'] as const)('%s: the file is stored once', async (kind) => {
    const { chatwoot } = world
    chatwoot.faults.add({ kind, method: 'POST', path: '/messages', times: 1 })
    const bytes = bytesOf(200_000, 7)
    const sent = maria.sendMedia('image', bytes, { mimetype: 'image/jpeg' })
    await sent.delivered
    expect(isEqual((await attachmentOf(sent.keyId)).bytes, bytes)).toBe(true)
    await arrived(maria.sendText('next').keyId)
    expect(messagesOf(sent.keyId)).toHaveLength(1)
  })

  it('a proxy that refuses the size: the text and a note', async () => {
    world.chatwoot.faults.add({
      kind: 'answer',
      method: 'POST',
      path: '/messages',
      status: 413,
      body: '<html>Request Entity Too Large</html>',
      times: 1,
    })
    const sent = maria.sendMedia('image', bytesOf(2000), {
      mimetype: 'image/jpeg',
      caption: 'Our shop',
    })
    const message = await arrived(sent.keyId)
    expect(message.content).toMatch(/^Our shop\n\n\[Image: .*too large/)
  })
})

describe('around files', () => {
  it('a picture typed on the phone is mirrored with its bytes and never sent', async () => {
    const { wasender } = world
    const bytes = bytesOf(4000, 8)
    const own = maria.sendMedia('image', bytes, { mimetype: 'image/jpeg' })
    await arrived(own.keyId)
    const node = wasender.chat(PHONE).find(({ keyId }) => keyId === own.keyId)?.node
    const sends = wasender.countOf('/api/send-message')
    const typed = wasender.owner.sendRaw(PHONE, { ...node })
    const { message, bytes: got } = await attachmentOf(typed.keyId)
    expect(message).toMatchObject({ messageType: 'outgoing' })
    expect(isEqual(got, bytes)).toBe(true)
    await world.chatwoot.settled()
    expect(wasender.countOf('/api/send-message')).toBe(sends)
  })

  it('cards come as files of one message', async () => {
    const card = (name: string, phone: string) => ({
      displayName: name,
      vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL;type=CELL;waid=${phone}:+${phone}\nEND:VCARD`,
    })
    const contacts = [card('Ana Lima', '15550004444'), card('João Pires', '15550005555')]
    const sent = maria.sendRaw({ contactsArrayMessage: { displayName: '2 contacts', contacts } })
    const message = await arrived(sent.keyId)
    expect(message.attachments.map(({ contentType }) => contentType)).toEqual([
      expect.stringContaining('vcard'),
      expect.stringContaining('vcard'),
    ])
    const bytes = await world.chatwoot.attachmentBytes(message.attachments[1]!)
    expect(Buffer.from(bytes).toString()).toContain('João Pires')
  })

  it('an ad click leaves one private note of our own behind the text', async () => {
    const { chatwoot, wasender } = world
    const sends = wasender.countOf('/api/send-message')
    chatwoot.faults.add({ kind: 'drop-after', method: 'POST', path: '/messages', times: 1 })
    const sent = maria.sendRaw({
      extendedTextMessage: {
        text: 'I saw your ad',
        contextInfo: {
          externalAdReply: { title: 'Summer sale', sourceUrl: 'https://fb.me/x', sourceId: '77' },
          ctwaClid: 'ARxy',
        },
      },
    })
    const text = await arrived(sent.keyId)
    const notes = () =>
      chatwoot.allMessages().filter(({ sourceId }) => sourceId?.startsWith(`${sent.keyId}:`))
    const note = await chatwoot.waitFor(() => notes()[0])
    expect(note).toMatchObject({ private: true, messageType: 'outgoing' })
    expect(note.content).toMatch(/Summer sale.*fb\.me\/x.*: 77\n.*: `ARxy`$/s)
    expect(note.id).toBeGreaterThan(text.id)
    await chatwoot.settled()
    expect([notes().length, messagesOf(sent.keyId).length]).toEqual([1, 1])
    expect(wasender.countOf('/api/send-message')).toBe(sends)
  })

  it('nothing of a file gets into the log', async () => {
    const text = JSON.stringify(world.bridge.log)
    for (const secret of ['mediaKey', 'offer.pdf', 't62.7118', 'decrypted-media/3EB0']) {
      expect(text).not.toContain(secret)
    }
  })
})
