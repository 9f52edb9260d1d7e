import { hkdfSync } from 'node:crypto'
import type { MediaNode } from '../../wasender/media.ts'

/** What the keys of each node are derived with (docs/platforms/wasender.md#decrypting). */
const INFO: Readonly<Record<MediaNode, string>> = {
  imageMessage: 'WhatsApp Image Keys',
  stickerMessage: 'WhatsApp Image Keys',
  videoMessage: 'WhatsApp Video Keys',
  ptvMessage: 'WhatsApp Video Keys',
  audioMessage: 'WhatsApp Audio Keys',
  documentMessage: 'WhatsApp Document Keys',
}

export type MediaKeys = { iv: Buffer; cipherKey: Buffer; macKey: Buffer }

/** The keys of one file, from the 32 bytes that came with its message. */
export function deriveKeys(mediaKey: Uint8Array, node: MediaNode): MediaKeys {
  const derived = Buffer.from(hkdfSync('sha256', mediaKey, new Uint8Array(), INFO[node], 112))
  return {
    iv: derived.subarray(0, 16),
    cipherKey: derived.subarray(16, 48),
    macKey: derived.subarray(48, 80),
  }
}
