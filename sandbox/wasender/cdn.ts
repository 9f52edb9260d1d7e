import type { Clock } from '../../src/kernel/clock.ts'
import type { Blobs } from './blobs.ts'
import { encryptMedia, sha256 } from './media-crypto.ts'
import type { MediaKind } from './nodes.ts'
import type { Random } from './random.ts'

/** The fields of a media node that say where the encrypted file is and how to open it. */
export type HostedMedia = {
  url: string
  mimetype: string
  fileSha256: string
  /** Decimal bytes; 64-bit numbers travel as strings. */
  fileLength: string
  mediaKey: string
  fileEncSha256: string
  directPath: string
  mediaKeyTimestamp: string
}

/** WhatsApp's media servers: encrypted files only. */
export type Cdn = {
  host(kind: MediaKind, bytes: Uint8Array, mimetype: string): HostedMedia
}

export type CdnOptions = { blobs: Blobs; random: Random; clock: Clock; origin: () => string }

export function createCdn({ blobs, random, clock, origin }: CdnOptions): Cdn {
  return {
    host: (kind, bytes, mimetype) => {
      const mediaKey = random.bytes(32)
      const encrypted = encryptMedia(bytes, mediaKey, kind)
      const path = `/v/t62.7118-24/${random.bytes(12).toString('hex')}.enc`
      blobs.put(path, encrypted, { mimetype: 'application/octet-stream' })
      return {
        url: `${origin()}${path}?ccb=11-4&mms3=true`,
        mimetype,
        fileSha256: sha256(bytes).toString('base64'),
        fileLength: String(bytes.length),
        mediaKey: mediaKey.toString('base64'),
        fileEncSha256: sha256(encrypted).toString('base64'),
        directPath: `${path}?ccb=11-4`,
        mediaKeyTimestamp: String(Math.floor(clock.now() / 1000)),
      }
    },
  }
}

/**
 * Hosts files with a fixed key and address, so that recorded bodies which point at them can be replayed against the
 * stand-in with nothing but the host changed.
 */
export function hostExamples(blobs: Blobs): void {
  const mediaKey = Uint8Array.from({ length: 32 }, (_, index) => index)
  const plain = Buffer.from('hello wasender')
  for (const kind of ['image', 'video', 'audio', 'document'] as const) {
    const path = `/v/t62.0000-24/EXAMPLE_${kind.toUpperCase()}.enc`
    blobs.put(path, encryptMedia(plain, mediaKey, kind), { mimetype: 'application/octet-stream' })
  }
}
