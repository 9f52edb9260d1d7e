import { createDecipheriv, createHmac, type Decipheriv, timingSafeEqual } from 'node:crypto'
import type { MediaKeys } from './media-keys.ts'
import { createTail } from './tail.ts'

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
