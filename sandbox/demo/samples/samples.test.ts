import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodePdf } from './pdf.ts'
import { encodePng } from './png.ts'
import { SAMPLES } from './samples.ts'
import { encodeWav } from './wav.ts'
import { encodeWebp } from './webp.ts'

/** One red and one half-transparent blue point. */
const TWO = {
  width: 2,
  height: 1,
  colorAt: (x: number) => (x === 0 ? ([255, 0, 0, 255] as const) : ([0, 0, 255, 128] as const)),
}

describe('the samples', () => {
  it.each([
    ['photo', '\x89PNG', 5_000_000],
    ['voice', 'OggS', 16_000_000],
    ['recording', 'RIFF', 16_000_000],
    ['paper', '%PDF-', 100_000_000],
    ['sticker', 'RIFF', 100 * 1024],
    ['card', 'BEGIN:VCARD', 1_000_000],
  ] as const)('%s begins like its type and is small enough for WhatsApp', (name, start, limit) => {
    const { bytes } = SAMPLES[name]
    expect(Buffer.from(bytes).toString('latin1').startsWith(start)).toBe(true)
    expect(bytes.length).toBeLessThanOrEqual(limit)
  })

  it('clip is an MP4 file', () => {
    expect(SAMPLES.clip.bytes.toString('latin1', 4, 8)).toBe('ftyp')
  })
})

describe('encodePng', () => {
  it('writes every point behind the filter byte of its row', () => {
    const png = encodePng(TWO)
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2, 1])
    const at = png.indexOf('IDAT')
    const data = png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
    expect([...inflateSync(data)]).toEqual([0, 255, 0, 0, 255, 0, 0, 255, 128])
  })
})

describe('encodeWebp', () => {
  it('writes sizes that fit the file', () => {
    const webp = encodeWebp(TWO)
    expect(webp.toString('latin1', 8, 16)).toBe('WEBPVP8L')
    expect(webp.readUInt32LE(4)).toBe(webp.length - 8)
    expect(webp.length % 2).toBe(0)
    const bits = webp.readUInt32LE(21)
    expect([(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1]).toEqual([2, 1])
  })
})

describe('encodeWav', () => {
  it('has a sample for every 125 microseconds', () => {
    const wav = encodeWav([440, 880], 0.5)
    expect(wav.readUInt32LE(40)).toBe(2 * 8000)
    expect(wav.length).toBe(44 + 2 * 8000)
    expect(wav.readInt16LE(44)).toBe(0)
  })
})

describe('encodePdf', () => {
  it('says where each of its objects begins', () => {
    const pdf = encodePdf(['One (1)', 'Two']).toString('latin1')
    const table = Number(/startxref\n(\d+)/.exec(pdf)?.[1])
    const starts = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) =>
      Number(at),
    )
    expect(pdf.slice(table, table + 4)).toBe('xref')
    expect(starts.map((at) => pdf.slice(at, at + 7))).toEqual(
      [1, 2, 3, 4, 5].map((number) => `${number} 0 obj`),
    )
    expect(pdf).toContain('(One \\(1\\)) Tj')
  })
})
