import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Clock } from '../../src/kernel/clock.ts'
import { type Size, sizeOf } from './file-contents.ts'
import type { Random } from './random.ts'

/** A stored file; `id` is what attachments and avatars point at. */
export type Blob = {
  id: number
  /** Names the blob in URLs. Does not expire. */
  signedId: string
  filename: string
  contentType: string
  byteSize: number
  /** Milliseconds since 1970 from which the storage can serve it. */
  readyAt: number
  /** Of a picture, once it was measured: a moment after the upload. */
  size?: Size
}

/** A file on its way in. */
export type NewFile = { filename: string; contentType: string; bytes: Uint8Array }

export type BlobStore = {
  save(file: NewFile): Promise<Blob>
  /** Makes the row of a direct upload; the bytes follow with `fill`. */
  reserve(file: Omit<NewFile, 'bytes'> & { byteSize: number }): Blob
  fill(blob: Blob, bytes: Uint8Array): Promise<void>
  get(id: number): Blob | undefined
  bySignedId(signedId: string): Blob | undefined
  /** A token for the storage address of a blob, good for five minutes. */
  ticket(blob: Blob): string
  /** The blob of a ticket that has not run out. */
  redeem(ticket: string): Blob | undefined
  /** The stored bytes, or undefined while the storage does not have them (yet). */
  open(blob: Blob): Promise<ReadableStream | undefined>
  /** Deletes all files. */
  close(): Promise<void>
}

/** A storage address is valid this long (docs/platforms/chatwoot.md#attachments). */
const TICKET_MS = 5 * 60_000

/**
 * Files on disk in a private temporary directory. For `raceMs` after a save the storage answers 404, because Chatwoot
 * uploads after the commit that triggers the webhook (docs/platforms/chatwoot.md#attachments).
 */
export async function createBlobStore(options: {
  clock: Clock
  random: Random
  raceMs: number
}): Promise<BlobStore> {
  const { clock, random, raceMs } = options
  const dir = await mkdtemp(join(tmpdir(), 'chatwoot-stand-in-'))
  const blobs = new Map<number, Blob>()
  const signed = new Map<string, Blob>()
  const tickets = new Map<string, { blob: Blob; expiresAt: number }>()
  const pathOf = (blob: Blob) => join(dir, String(blob.id))

  const reserve: BlobStore['reserve'] = ({ filename, contentType, byteSize }) => {
    const id = 501 + blobs.size
    const signedId = `${random.token(32)}--${random.token(40)}`
    const blob = { id, signedId, filename, contentType, byteSize, readyAt: clock.now() + raceMs }
    blobs.set(id, blob)
    signed.set(signedId, blob)
    return blob
  }
  const fill: BlobStore['fill'] = async (blob, bytes) => {
    await writeFile(pathOf(blob), bytes)
    measureLater(blob, bytes)
  }

  return {
    reserve,
    fill,
    save: async (file) => {
      const blob = reserve({ ...file, byteSize: file.bytes.byteLength })
      await fill(blob, file.bytes)
      return blob
    },
    get: (id) => blobs.get(id),
    bySignedId: (signedId) => signed.get(signedId),
    ticket: (blob) => {
      const ticket = random.token(40)
      tickets.set(ticket, { blob, expiresAt: clock.now() + TICKET_MS })
      return ticket
    },
    redeem: (ticket) => {
      const found = tickets.get(ticket)
      return found !== undefined && found.expiresAt > clock.now() ? found.blob : undefined
    },
    open: async (blob) => {
      if (blob.readyAt > clock.now()) return undefined
      const file = await stat(pathOf(blob)).catch(absent)
      return file && Readable.toWeb(createReadStream(pathOf(blob)))
    },
    close: () => rm(dir, { recursive: true, force: true }),
  }
}

/** A job of its own in Chatwoot, so the message and its first webhook still show no size. */
function measureLater(blob: Blob, bytes: Uint8Array): void {
  const size = blob.contentType.startsWith('image/') ? sizeOf(bytes) : undefined
  if (size !== undefined) setTimeout(() => Object.assign(blob, { size }), MEASURED_AFTER_MS).unref()
}

const MEASURED_AFTER_MS = 20

/** A direct upload whose bytes never came has a row and no file. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
