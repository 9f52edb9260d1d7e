const RATE = 8_000

/** Tones one after the other as a WAV file. `hertz` are their pitches, each for `seconds`. */
export function encodeWav(hertz: readonly number[], seconds: number): Buffer {
  const each = Math.round(RATE * seconds)
  const samples = hertz.flatMap((pitch) =>
    Array.from({ length: each }, (_, index) => loudness(pitch, index / RATE)),
  )
  const data = Buffer.alloc(samples.length * 2)
  for (const [index, sample] of samples.entries()) data.writeInt16LE(sample, index * 2)
  return Buffer.concat([headerFor(data.length), data])
}

/** Fading, so that tones of one pitch can be told apart. */
const loudness = (pitch: number, at: number): number =>
  Math.round(9_000 * Math.exp(-5 * at) * Math.sin(2 * Math.PI * pitch * at))

/** PCM, one channel, 16 bits. */
function headerFor(length: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(RATE, 24)
  header.writeUInt32LE(RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(length, 40)
  return header
}
