import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import type { MediaKind } from './nodes.ts'

/** HKDF info per kind (docs/platforms/wasender.md#decrypting). */
const INFO: Record<MediaKind, string> = {
  image: 'WhatsApp Image Keys',
  sticker: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  gif: 'WhatsApp Video Keys',
  'round-video': 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  voice: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
}

const MAC_LENGTH = 10

/** Encrypts as a phone does: AES-256-CBC with derived keys, then the first ten bytes of an HMAC. */
export function encryptMedia(plain: Uint8Array, mediaKey: Uint8Array, kind: MediaKind): Buffer {
  const { iv, cipherKey, macKey } = deriveKeys(mediaKey, kind)
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([encrypted, macOf(iv, encrypted, macKey)])
}

/** The plaintext, or undefined when key, kind or bytes do not belong together. */
export function decryptMedia(
  blob: Uint8Array,
  mediaKey: Uint8Array,
  kind: MediaKind,
): Buffer | undefined {
  if (blob.length <= MAC_LENGTH) return undefined
  const { iv, cipherKey, macKey } = deriveKeys(mediaKey, kind)
  const encrypted = blob.subarray(0, -MAC_LENGTH)
  if (!macOf(iv, encrypted, macKey).equals(blob.subarray(-MAC_LENGTH))) return undefined
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
  return Buffer.concat([decipher.update(encrypted), decipher.final()])
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

function deriveKeys(mediaKey: Uint8Array, kind: MediaKind) {
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, new Uint8Array(), INFO[kind], 112))
  return {
    iv: keys.subarray(0, 16),
    cipherKey: keys.subarray(16, 48),
    macKey: keys.subarray(48, 80),
  }
}

function macOf(iv: Uint8Array, encrypted: Uint8Array, macKey: Uint8Array): Buffer {
  const hmac = createHmac('sha256', macKey).update(iv).update(encrypted)
  return hmac.digest().subarray(0, MAC_LENGTH)
}
