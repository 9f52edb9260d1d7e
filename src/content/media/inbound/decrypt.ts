import {
  createDecipheriv,
  createHmac,
  type Decipheriv,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import type { MediaNode } from '../../../platforms/wasender/media.ts'

/** Bytes of the HMAC that WhatsApp appends to a file. */
const MAC_LENGTH = 10

/** The bytes do not belong to the key: a wrong key, a wrong kind, or a changed or cut file. */
export class WrongMacError extends Error {}

/**
 * Decrypts a file of WhatsApp's as it arrives (docs/platforms/wasender.md#decrypting). The MAC is at the very end, so
 * plaintext is handed on before it is known to be genuine: whoever reads this must not finish anything until it has
 * ended without a {@link WrongMacError}.
 */
export async function* decrypted(
  source: AsyncIterable<Uint8Array>,
  { iv, cipherKey, macKey }: MediaKeys,
): AsyncGenerator<Uint8Array> {
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
  const hmac = createHmac('sha256', macKey).update(iv)
  const tail = createTail(MAC_LENGTH)
  for await (const chunk of source) {
    for (const piece of tail.push(chunk)) {
      hmac.update(piece)
      const plain = decipher.update(piece)
      if (plain.length > 0) yield plain
    }
  }
  if (!isMac(tail.rest(), hmac.digest())) throw new WrongMacError('The MAC does not fit the file')
  yield lastBlock(decipher)
}

function isMac(found: Uint8Array, computed: Uint8Array): boolean {
  return found.length === MAC_LENGTH && timingSafeEqual(found, computed.subarray(0, MAC_LENGTH))
}

function lastBlock(decipher: Decipheriv): Uint8Array {
  try {
    return decipher.final()
  } catch (cause) {
    throw new WrongMacError('The file does not end as it should', { cause })
  }
}

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

/** Passes a stream of chunks on, except for its last bytes. */
type Tail = {
  /** Takes a chunk; returns what cannot be among the last bytes any more, in pieces, so that nothing large is copied. */
  push(chunk: Uint8Array): Uint8Array[]
  /** The last bytes; fewer when there were no more. */
  rest(): Uint8Array
}

/** Keeps the last `length` bytes back, however the stream is cut into chunks. */
function createTail(length: number): Tail {
  let kept: Uint8Array = new Uint8Array()
  return {
    push(chunk) {
      if (chunk.length >= length) {
        const ready = [kept, chunk.subarray(0, chunk.length - length)]
        // A copy: a view would keep the whole chunk alive, or change when its buffer is used again.
        kept = Uint8Array.from(chunk.subarray(chunk.length - length))
        return ready.filter((piece) => piece.length > 0)
      }
      const all = Buffer.concat([kept, chunk])
      const cut = Math.max(0, all.length - length)
      kept = all.subarray(cut)
      return cut === 0 ? [] : [all.subarray(0, cut)]
    },
    rest: () => kept,
  }
}
