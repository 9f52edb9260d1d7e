import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TransientError } from '../../../kernel/errors.ts'
import { FileTooLargeError, limited, openFileStream } from './file-stream.ts'

async function* pieces(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const chunksOf = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 })

describe('openFileStream', () => {
  it('shows the beginning and hands on every byte, however it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(chunksOf, fc.nat(64), async (chunks, wanted) => {
        const whole = Buffer.concat(chunks)
        const file = await openFileStream(pieces(chunks), wanted)
        expect(file.head.byteLength).toBeGreaterThanOrEqual(Math.min(wanted, whole.byteLength))
        expect(whole.subarray(0, file.head.byteLength).equals(file.head)).toBe(true)
        expect((await readAll(file.body)).equals(whole)).toBe(true)
        expect(file.failure()).toBeUndefined()
      }),
    )
  })

  it('reads nothing ahead and lets go when nobody reads on', async () => {
    let read = 0
    let closed = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          read += 1
          yield new Uint8Array(8)
        }
      } finally {
        closed = true
      }
    }
    const file = await openFileStream(source(), 4)
    expect(read).toBe(1)
    const reader = file.body.getReader()
    await reader.read()
    await reader.read()
    expect(read).toBe(2)
    await reader.cancel()
    expect(closed).toBe(true)
  })

  it('tells why the source broke off', async () => {
    const broken = new TransientError('Broken.', { code: 'media.stalled' })
    async function* source(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(8)
      throw broken
    }
    const file = await openFileStream(source(), 4)
    await expect(readAll(file.body)).rejects.toBe(broken)
    expect(file.failure()).toBe(broken)
    expect(limited(file, 100).failure()).toBe(broken)
  })
})

describe('limited', () => {
  it('passes what fits and breaks what does not, at the limit exactly', async () => {
    await fc.assert(
      fc.asyncProperty(chunksOf, fc.nat(400), async (chunks, maxBytes) => {
        const whole = Buffer.concat(chunks)
        const file = limited(await openFileStream(pieces(chunks), 4), maxBytes)
        const read = readAll(file.body)
        if (whole.byteLength <= maxBytes) {
          expect((await read).equals(whole)).toBe(true)
        } else {
          await expect(read).rejects.toBeInstanceOf(FileTooLargeError)
          expect(file.failure()).toMatchObject({ code: 'media.too_large', maxBytes })
        }
      }),
    )
  })
})
