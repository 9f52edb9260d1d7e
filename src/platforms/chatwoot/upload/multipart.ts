import { randomBytes } from 'node:crypto'
import { ReadableStream, type ReadableStreamDefaultReader } from 'node:stream/web'
import { BridgeError, OutcomeUnknownError, TransientError } from '../../../kernel/errors.ts'
import {
  type Answer,
  type Call,
  createTransport,
  type TransportOptions,
} from '../../upstream/transport.ts'

/** A file that is not in memory: the stream is opened only when its turn comes. */
export type FileSource =
  | Blob
  | (() => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>)

export type Part =
  | { name: string; value: string }
  | { name: string; fileName: string; contentType: string; body: FileSource }

/** A body on its way: one pass, one attempt. */
export type Multipart = {
  contentType: string
  stream: ReadableStream<Uint8Array>
  /** True once the closing boundary was handed over. Before that no server can have acted on it. */
  isComplete: () => boolean
  /** Why a file could not be read to its end, if that is what stopped the body. */
  failure: () => unknown
  /** Lets go of a file that is still open. fetch does not when a connection breaks. */
  close: () => void
}

/**
 * Encodes `multipart/form-data` piece by piece. Nothing is read ahead: the next piece of a file is
 * asked for when the socket has room, so a large document never sits in memory.
 */
export function encodeMultipart(parts: readonly Part[]): Multipart {
  const boundary = `----bridge-${randomBytes(18).toString('hex')}`
  let complete = false
  const files = createFileReader()
  async function* encode(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      yield bytes(`--${boundary}\r\n${headersOf(part)}\r\n\r\n`)
      if ('value' in part) yield bytes(part.value)
      else yield* files.read(part.body)
      yield bytes('\r\n')
    }
    complete = true
    yield bytes(`--${boundary}--\r\n`)
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    stream: ReadableStream.from(encode()),
    isComplete: () => complete,
    failure: files.failure,
    close: files.close,
  }
}

/**
 * Reads one file after the other and can be stopped in the middle, even while a source is silent.
 */
function createFileReader() {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  let failure: unknown
  let closed = false
  // A source that has failed before rejects its cancelling too, with the failure that is known
  // already.
  const cancel = () => void reader?.cancel().catch(() => undefined)

  async function* read(body: FileSource): AsyncGenerator<Uint8Array> {
    try {
      reader = (await open(body)).getReader()
      if (closed) cancel()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        yield value
      }
      // A file that was let go ends early; the body around it must not look finished.
      if (closed) throw new Error('The upload was given up')
    } catch (error) {
      failure = error
      throw error
    }
  }

  return {
    read,
    failure: () => failure,
    close: () => {
      closed = true
      cancel()
    },
  }
}

/**
 * Only the type itself, in lower case: Chatwoot compares it exactly, so `video/mp4; codecs=…` would become a plain file
 * (docs/platforms/chatwoot.md#uploads). What is not a type at all becomes `application/octet-stream`.
 */
export function bareType(contentType: string): string {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  return /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(type) ? type : 'application/octet-stream'
}

/** A name that cannot end its header, leave a folder or be cut by the server's path handling. */
export function safeFileName(name: string): string {
  const cleaned = name
    .replace(/\p{Cc}/gu, '')
    .replace(/[/\\]/g, '_')
    .trim()
  return cleaned === '' ? 'file' : cleaned
}

async function open(body: FileSource): Promise<ReadableStream<Uint8Array>> {
  return typeof body === 'function' ? body() : body.stream()
}

function headersOf(part: Part): string {
  const name = `Content-Disposition: form-data; name="${part.name}"`
  if ('value' in part) return name
  // `"` is escaped as browsers do it (the HTML standard's multipart/form-data encoding). Rack decodes every `%XX` in
  // a file name, so the sign itself has to be escaped as well.
  const fileName = safeFileName(part.fileName).replaceAll('%', '%25').replaceAll('"', '%22')
  return `${name}; filename="${fileName}"\r\nContent-Type: ${bareType(part.contentType)}`
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

/** Sends parts as one multipart request. */
export type Upload = (call: Omit<Call, 'json' | 'body'>, parts: readonly Part[]) => Promise<Answer>

/** Large files over slow lines; Chatwoot's own limit starts when the body has arrived. */
const UPLOAD_TIMEOUT_MS = 5 * 60_000

/**
 * Uploads without holding a file in memory. The body is put in below the transport, into a request
 * that must not be redirected: fetch copies every request it may have to send again, and a copied
 * stream keeps all that was read of it.
 */
export function createUpload(options: TransportOptions): Upload {
  const send = options.fetch ?? globalThis.fetch
  return async (call, parts) => {
    const { stream, contentType, isComplete, failure, close } = encodeMultipart(parts)
    const withBody: typeof globalThis.fetch = (input, init) =>
      send(new Request(input, { body: stream, duplex: 'half', redirect: 'error' }), init)
    const transport = createTransport({ ...options, fetch: withBody })
    try {
      return await transport({
        timeoutMs: UPLOAD_TIMEOUT_MS,
        ...call,
        headers: { ...call.headers, 'Content-Type': contentType },
      })
    } catch (error) {
      // The source knows best why its file cannot be had, and whether asking again may help.
      const reason = failure()
      if (reason instanceof BridgeError) throw reason
      if (!(error instanceof OutcomeUnknownError) || isComplete()) throw error
      throw new TransientError(
        `The upload to ${options.upstream} (account ${options.account}, ${call.operation}) broke ` +
          'off before its end, so nothing was stored.',
        { code: 'chatwoot.upload_broke_off', context: error.context, cause: error },
      )
    } finally {
      close()
    }
  }
}
