import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../../src/kernel/clock.ts'

/** A file the stand-in serves under one path of its origin. */
export type Blob = { file: string; mimetype: string; size: number; expiresAt: number }
type Details = { mimetype: string; livesMs?: number }

/** Files on disk, so that a 100 MB document does not sit in the memory of the process under test. */
export type Blobs = {
  put(path: string, bytes: Uint8Array, details: Details): void
  /** Stores a stream; false when it is longer than `limit`, and then nothing is kept. */
  receive(
    path: string,
    body: AsyncIterable<Uint8Array>,
    details: Details & { limit: number },
  ): Promise<boolean>
  /** What is stored and not expired. */
  get(path: string): Blob | undefined
  open(blob: Blob): ReadableStream
  close(): void
}

export function createBlobs(clock: Clock): Blobs {
  const folder = mkdtempSync(join(tmpdir(), 'wasender-stand-in-'))
  const blobs = new Map<string, Blob>()

  function register(path: string, { mimetype, livesMs }: Details, size: number, file: string) {
    const expiresAt = livesMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + livesMs
    blobs.set(path, { file, mimetype, size, expiresAt })
  }
  let files = 0
  const nextFile = () => join(folder, String(++files))

  return {
    put: (path, bytes, details) => {
      const file = nextFile()
      writeFileSync(file, bytes)
      register(path, details, bytes.length, file)
    },
    receive: async (path, body, details) => {
      const file = nextFile()
      const meter = createMeter(details.limit)
      try {
        await pipeline(Readable.from(body), meter.stream, createWriteStream(file))
      } catch (error) {
        rmSync(file, { force: true })
        if (meter.isOver()) return false
        throw error
      }
      register(path, details, meter.count(), file)
      return true
    },
    get: (path) => {
      const blob = blobs.get(path)
      return blob !== undefined && blob.expiresAt > clock.now() ? blob : undefined
    },
    open: ({ file }) => Readable.toWeb(createReadStream(file)) as ReadableStream,
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function createMeter(limit: number) {
  let count = 0
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      count += chunk.length
      if (count > limit) done(new Error('Longer than allowed'))
      else done(null, chunk)
    },
  })
  return { stream, count: () => count, isOver: () => count > limit }
}
