import { type Picture, pointsOf } from './picture.ts'

/**
 * The picture as a lossless WebP file, the only format WhatsApp takes for stickers. Every channel gets a code of eight bits
 * for each value, so nothing is compressed, but every reader understands it.
 */
export function encodeWebp(picture: Picture): Buffer {
  const bits = createBits()
  bits.number(0x2f, 8)
  bits.number(picture.width - 1, 14)
  bits.number(picture.height - 1, 14)
  // Has transparency; version 0; no transform, no color cache, one group of codes.
  for (const flag of [1, 0, 0, 0, 0, 0, 0]) bits.number(flag, 1)
  // Green shares its alphabet with 24 lengths of repetitions, which are not used.
  for (const unused of [24, 0, 0, 0]) writePlainCode(bits, unused)
  // The code of distances: simple, with one symbol of one bit, zero.
  for (const flag of [1, 0, 0, 0]) bits.number(flag, 1)
  for (const [red, green, blue, alpha] of pointsOf(picture)) {
    for (const value of [green, red, blue, alpha]) bits.code(value)
  }
  return riff(bits.bytes())
}

/** Lengths of the codes in which the lengths of the codes are written, in the order of the format. */
const ORDER = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8]

type Bits = ReturnType<typeof createBits>

/** A code where all 256 values have eight bits, followed by symbols that have none. */
function writePlainCode(bits: Bits, unused: number): void {
  bits.number(0, 1)
  bits.number(ORDER.length - 4, 4)
  for (const length of ORDER) bits.number(length === 0 || length === 8 ? 1 : 0, 3)
  bits.number(0, 1)
  for (let value = 0; value < 256; value += 1) bits.number(1, 1)
  for (let value = 0; value < unused; value += 1) bits.number(0, 1)
}

/** Collects bits: numbers with their lowest bit first, codes with their highest. */
function createBits() {
  const all: number[] = []
  return {
    number: (value: number, length: number) => {
      for (let bit = 0; bit < length; bit += 1) all.push((value >> bit) & 1)
    },
    code: (value: number) => {
      for (let bit = 7; bit >= 0; bit -= 1) all.push((value >> bit) & 1)
    },
    bytes: () => {
      const bytes = Buffer.alloc(Math.ceil(all.length / 8))
      for (const [index, bit] of all.entries()) {
        bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7))
      }
      return bytes
    },
  }
}

function riff(data: Buffer): Buffer {
  const padding = Buffer.alloc(data.length % 2)
  const body = Buffer.concat([Buffer.from('WEBPVP8L'), sized(data.length), data, padding])
  return Buffer.concat([Buffer.from('RIFF'), sized(body.length), body])
}

function sized(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length)
  return bytes
}
