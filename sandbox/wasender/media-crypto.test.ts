import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decryptMedia, encryptMedia } from './media-crypto.ts'
import { MEDIA_NODES, type MediaKind } from './nodes.ts'

const kinds = fc.constantFrom(...(Object.keys(MEDIA_NODES) as MediaKind[]))
const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const bytes = fc.uint8Array({ maxLength: 200 })

it('gives back what was encrypted, of any length', () => {
  fc.assert(
    fc.property(kinds, key, bytes, (kind, mediaKey, plain) => {
      const blob = encryptMedia(plain, mediaKey, kind)
      expect(decryptMedia(blob, mediaKey, kind)).toEqual(Buffer.from(plain))
    }),
  )
})

it('notices one changed byte anywhere', () => {
  fc.assert(
    fc.property(
      key,
      bytes,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (mediaKey, plain, at, by) => {
        const blob = encryptMedia(plain, mediaKey, 'image')
        const index = at % blob.length
        blob[index] = (blob[index] ?? 0) ^ by
        expect(decryptMedia(blob, mediaKey, 'image')).toBeUndefined()
      },
    ),
  )
})

it('does not open a file that is too short to have a MAC', () => {
  expect(decryptMedia(new Uint8Array(10), new Uint8Array(32), 'image')).toBeUndefined()
})
