import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../accounts/account.ts'
import { type BridgeError, PermanentError, TransientError } from '../../../kernel/errors.ts'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import type { Encrypted } from '../../../platforms/wasender/media.ts'
import type { MediaRef } from '../../message/canonical.ts'
import type { Download, DownloadFile } from '../download.ts'
import { deriveKeys } from './decrypt.ts'
import { createInboundMedia } from './inbound-media.ts'
import { MAX_FAILURES } from './verdict.ts'

const PLAIN = Buffer.from('what was sent')
const KEY = Buffer.alloc(32, 7)
const GATEWAY_URL = 'https://www.wasenderapi.com/api/decrypted-media/3EB0'
const WHATSAPP_URL = 'https://mmg.whatsapp.net/v/file.enc'

function encrypt(plain: Uint8Array): Buffer {
  const { iv, cipherKey, macKey } = deriveKeys(KEY, 'documentMessage')
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  const mac = createHmac('sha256', macKey).update(iv).update(body).digest()
  return Buffer.concat([body, mac.subarray(0, 10)])
}

const raw = {
  url: WHATSAPP_URL,
  mediaKey: KEY.toJSON(),
  fileSha256: createHash('sha256').update(PLAIN).digest('base64'),
  mimetype: 'application/pdf; x=1',
  jpegThumbnail: 'a'.repeat(1000),
}
const media: MediaRef = {
  kind: 'document',
  node: 'documentMessage',
  raw,
  mimetype: 'application/pdf',
  fileName: 'a.pdf',
  size: PLAIN.length,
}

const busy = new TransientError('busy', { code: 'test.busy' })
const gone = new PermanentError('gone', { code: 'media.not_there', context: { status: 410 } })
const refused = new PermanentError('no media', { code: 'wasender.refused' })

/** What each side answers: bytes, or the error it fails with. */
type Answers = {
  decrypt?: BridgeError
  gateway?: Uint8Array | BridgeError
  cdn?: Uint8Array | BridgeError
}

function world({ decrypt, gateway = PLAIN, cdn = encrypt(PLAIN) }: Answers, maxBytes = 1000) {
  const log: string[] = []
  let asked: Encrypted | undefined
  const answers: Record<string, Uint8Array | BridgeError> = {
    [GATEWAY_URL]: gateway,
    [WHATSAPP_URL]: cdn,
  }
  const download: DownloadFile = async (url, policy) => {
    log.push(`${url} ${policy.hosts}`)
    const answer = answers[url] ?? gone
    if (!(answer instanceof Uint8Array)) throw answer
    return bytesOf(answer, () => log.push('closed'))
  }
  const account = {
    id: 'sales',
    baseUrls: { wasender: 'https://www.wasenderapi.com/api' },
    options: { media: { maxBytes } },
    wasender: {
      media: {
        decrypt: async (request: Encrypted) => {
          asked = request
          if (decrypt !== undefined) throw decrypt
          return { publicUrl: GATEWAY_URL }
        },
      },
    },
  } as unknown as Account
  const inbound = createInboundMedia({ download })
  return {
    log,
    asked: () => asked,
    open: (failures = 0, ref = media) =>
      inbound.open(account, { keyId: asId<KeyId>('3EB0'), media: ref, failures }),
  }
}

function bytesOf(bytes: Uint8Array, close: () => void): Download {
  async function* body() {
    yield bytes
  }
  return { size: bytes.length, contentType: 'text/html', body: body(), close }
}

type Opened = ReturnType<ReturnType<typeof world>['open']>

async function read(opened: Opened): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await (await opened).body()) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('It did not fail')),
    (error: unknown) => error,
  )

describe('opening a file', () => {
  it('goes through the gateway, with the node trimmed and its bytes as base64', async () => {
    const { open, asked, log } = world({})
    const file = await open()
    expect(file).toMatchObject({ fileName: 'a.pdf', contentType: 'application/pdf' })
    expect(await read(Promise.resolve(file))).toBe('what was sent')
    expect(log).toEqual([`${GATEWAY_URL} www.wasenderapi.com,wasenderapi.com`, 'closed'])
    expect(asked()).toEqual({
      keyId: '3EB0',
      node: 'documentMessage',
      message: {
        url: WHATSAPP_URL,
        mimetype: 'application/pdf; x=1',
        mediaKey: KEY.toString('base64'),
        fileSha256: raw.fileSha256,
        fileLength: String(PLAIN.length),
      },
    })
  })

  it.each<[string, Answers]>([
    ['refuses', { decrypt: refused }],
    ['is away', { decrypt: busy }],
    ['has lost the file', { gateway: gone }],
    ['points at a host that is not allowed', { gateway: refused }],
  ])('decrypts here when the gateway %s', async (_what, answers) => {
    const { open, log } = world(answers)
    expect(await read(open())).toBe('what was sent')
    expect(log).toContain(`${WHATSAPP_URL} *.whatsapp.net`)
  })

  it.each<[string, Answers, MediaRef, string]>([
    ['is gone', { decrypt: refused, cdn: gone }, media, 'gone'],
    ['is gone at the gateway', { gateway: gone, cdn: refused }, media, 'gone'],
    ['has no key', { decrypt: refused }, { ...media, raw: { url: WHATSAPP_URL } }, 'unavailable'],
    ['is announced too large', {}, { ...media, size: 1001 }, 'tooLarge'],
    ['turns out too large', { gateway: new Uint8Array(2000) }, media, 'tooLarge'],
  ])('gives up a file that %s', async (_what, answers, ref, reason) => {
    const error = await failure(world(answers).open(0, ref))
    expect(error).toMatchObject({ name: 'FileLostError', reason, media: ref })
  })

  it.each<[string, Answers]>([
    ['both', { decrypt: busy, cdn: busy }],
    ['the gateway', { decrypt: busy, cdn: gone }],
    ['WhatsApp', { decrypt: refused, cdn: busy }],
  ])('waits while %s may come back, but not for ever', async (_who, answers) => {
    const { open } = world(answers)
    expect(await failure(open())).toMatchObject({ name: 'TransientError', code: 'media.not_now' })
    expect(await failure(open(MAX_FAILURES - 2))).toBeInstanceOf(TransientError)
    const last = await failure(open(MAX_FAILURES - 1))
    expect(last).toMatchObject({ name: 'FileLostError', reason: 'unavailable' })
  })

  it('lets mistakes of the bridge itself through', async () => {
    const bug = new TypeError('x is not a function')
    const { open } = world({ decrypt: bug as unknown as BridgeError })
    expect(await failure(open())).toBe(bug)
  })
})

describe('reading a file', () => {
  const other = Buffer.from('something else')

  it('does not end when the gateway hands out other bytes, and then goes the other way', async () => {
    const { open, log } = world({ gateway: other })
    const error = await failure(read(open()))
    expect(error).toMatchObject({ name: 'TransientError', code: 'media.arrived_damaged' })
    expect(await read(open(1))).toBe('what was sent')
    expect(log.filter((line) => line.startsWith(GATEWAY_URL))).toHaveLength(1)
  })

  it('gives a damaged file up when there is no other way', async () => {
    const damaged = encrypt(PLAIN).fill(0, 20)
    const error = await failure(read(world({ decrypt: refused, cdn: damaged }).open()))
    expect(error).toMatchObject({ name: 'FileLostError', reason: 'damaged' })
  })

  it('waits for the gateway when only it may still have the right bytes', async () => {
    const { open } = world({ decrypt: busy, cdn: encrypt(other) })
    expect(await failure(read(open()))).toMatchObject({ code: 'media.arrived_damaged' })
    const last = await failure(read(open(MAX_FAILURES - 1)))
    expect(last).toMatchObject({ name: 'FileLostError', reason: 'damaged' })
  })

  it('stops at the limit when nothing was announced', async () => {
    const { size: _size, ...unannounced } = media
    const long = encrypt(new Uint8Array(110))
    const { open } = world({ decrypt: refused, cdn: long }, 100)
    const error = await failure(read(open(0, unannounced)))
    expect(error).toMatchObject({ name: 'FileLostError', reason: 'tooLarge' })
  })
})
