import { createCipheriv, createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MediaNode } from '../../../platforms/wasender/media.ts'
import { decrypted, deriveKeys, type MediaKeys, WrongMacError } from './decrypt.ts'
import { checked, TooLongError, WrongHashError } from './verdict.ts'

/** Computed with another implementation: one key, one plaintext, four derivations. */
const KEY = Buffer.from('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', 'base64')
const PLAIN = 'hello wasender'
const SHA256 = Buffer.from('2e5xjUhZJjyiNdhV2U/CvX8PxRMbC05ZMV5yLg1yNbw=', 'base64')
const IMAGE = 'GssIBvAmhv30a9J8umhapD7oRTPOepZIyeI='
const VIDEO = 'ymBs2qSWrOurgfR/Kq9H3fTd8C5vdikPOqc='
const VECTORS: [MediaNode, ivHex: string, file: string][] = [
  ['imageMessage', 'aa6a127218397cbd2383e4ccf7176a79', IMAGE],
  ['stickerMessage', 'aa6a127218397cbd2383e4ccf7176a79', IMAGE],
  ['videoMessage', 'f1dee5782cc4e2e7b07233b1e25de59b', VIDEO],
  ['ptvMessage', 'f1dee5782cc4e2e7b07233b1e25de59b', VIDEO],
  ['audioMessage', '13f8935709c20e2e8b0680f81b0dd5fb', 'nVaqpYuwsMzoNprBnGVDDJ6sbkCCYqwoaKE='],
  ['documentMessage', '25e9d370804de0bb33ea5db79453db66', 'TUN2aA19COBI+i4tzCjDu8mIiBc+9kWCoxU='],
]
const FILE = Buffer.from(IMAGE, 'base64')
const keys = deriveKeys(KEY, 'imageMessage')

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let index = 0; at < bytes.length; index += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[index % sizes.length] ?? 1)
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function read(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function encrypt(plain: Uint8Array, { iv, cipherKey, macKey }: MediaKeys): Buffer {
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  const mac = createHmac('sha256', macKey).update(iv).update(body).digest().subarray(0, 10)
  return Buffer.concat([body, mac])
}

describe('decrypted', () => {
  it.each(VECTORS)('opens the test vector of a %s', async (node, ivHex, file) => {
    const derived = deriveKeys(KEY, node)
    expect(derived.iv.toString('hex')).toBe(ivHex)
    const plain = await read(decrypted(inChunks(Buffer.from(file, 'base64'), []), derived))
    expect(plain.toString()).toBe(PLAIN)
  })

  it('gives the same bytes however the file is cut into chunks', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), sizes, async (plain, chunks) => {
        const got = await read(decrypted(inChunks(encrypt(plain, keys), chunks), keys))
        expect(got.equals(plain)).toBe(true)
      }),
    )
  })

  it('finds any changed byte, missing end or addition', async () => {
    const plain = Buffer.from('a text of more than one block of the cipher')
    const file = encrypt(plain, keys)
    const changed = fc
      .tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, by]) => Buffer.from(file.map((byte, index) => (index === at ? byte ^ by : byte))))
    const cut = fc.nat(file.length - 1).map((length) => file.subarray(0, length))
    const longer = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((more) => Buffer.concat([file, more]))
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, cut, longer), async (bytes) => {
        await expect(read(decrypted(inChunks(bytes, [7]), keys))).rejects.toThrow(WrongMacError)
      }),
    )
  })

  it.each([
    ['the keys of another kind', deriveKeys(KEY, 'videoMessage')],
    ['another key', deriveKeys(Buffer.alloc(32, 1), 'imageMessage')],
  ])('does not open with %s', async (_name, wrong) => {
    await expect(read(decrypted(inChunks(FILE, []), wrong))).rejects.toThrow(WrongMacError)
  })

  it('finds bad padding under a MAC that fits', async () => {
    const { iv, cipherKey, macKey } = keys
    const cipher = createCipheriv('aes-256-cbc', cipherKey, iv).setAutoPadding(false)
    const body = cipher.update(Buffer.alloc(16, 0xff))
    const mac = createHmac('sha256', macKey).update(iv).update(body).digest().subarray(0, 10)
    const file = Buffer.concat([body, mac])
    await expect(read(decrypted(inChunks(file, []), keys))).rejects.toThrow(WrongMacError)
  })
})

describe('checked', () => {
  const plain = Buffer.from(PLAIN)
  const pass = (sha256: Uint8Array | undefined, maxBytes: number) =>
    read(checked(inChunks(plain, [5]), { sha256, maxBytes }))

  it('lets the announced bytes pass, and any when nothing was announced', async () => {
    expect(createHash('sha256').update(plain).digest().equals(SHA256)).toBe(true)
    expect(await pass(SHA256, plain.length)).toEqual(plain)
    expect(await pass(undefined, 100)).toEqual(plain)
  })

  it('fails at the end of other bytes', async () => {
    await expect(pass(Buffer.alloc(32), 100)).rejects.toThrow(WrongHashError)
  })

  it('fails as soon as there are too many', async () => {
    await expect(pass(SHA256, plain.length - 1)).rejects.toThrow(TooLongError)
  })
})
