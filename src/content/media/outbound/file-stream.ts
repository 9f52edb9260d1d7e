import { ReadableStream } from 'node:stream/web'
import { PermanentError } from '../../../kernel/errors.ts'

/** A file on its way, one pass only. */
export type FileStream = {
  /** The first bytes, at least as many as were asked for unless the file is shorter. */
  head: Uint8Array
  /** All of it, the head included. Nothing is read ahead. */
  body: ReadableStream<Uint8Array>
  /** Why it could not be read to its end, if that is what stopped it. */
  failure: () => unknown
}

/** The file went on after the last byte it may have. */
export class FileTooLargeError extends PermanentError {
  readonly maxBytes: number

  constructor(maxBytes: number) {
    super(`The file is larger than ${maxBytes} bytes.`, {
      code: 'media.too_large',
      context: { maxBytes },
    })
    this.maxBytes = maxBytes
  }
}

/** Reads the beginning of a file and hands all of it on. */
export async function openFileStream(
  source: AsyncIterable<Uint8Array>,
  headBytes: number,
): Promise<FileStream> {
  const iterator = source[Symbol.asyncIterator]()
  const read = await readHead(iterator, headBytes)
  let failure: unknown

  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* read
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        yield next.value
      }
    } catch (error) {
      failure = error
      throw error
    } finally {
      await iterator.return?.()
    }
  }

  return {
    head: Buffer.concat(read),
    body: ReadableStream.from(all()),
    failure: () => failure,
  }
}

/**
 * A stream that breaks once it is longer than `maxBytes`. Sizes that were announced are checked before;
 * this is for those that were not, or were wrong.
 *
 * @throws {FileTooLargeError} to whoever reads
 */
export function limited({ head, body, failure: before }: FileStream, maxBytes: number): FileStream {
  let failure: unknown
  async function* counted(): AsyncGenerator<Uint8Array> {
    let bytes = 0
    try {
      for await (const chunk of body) {
        bytes += chunk.byteLength
        if (bytes > maxBytes) throw new FileTooLargeError(maxBytes)
        yield chunk
      }
    } catch (error) {
      failure = error
      throw error
    }
  }
  return { head, body: ReadableStream.from(counted()), failure: () => failure ?? before() }
}

async function readHead(
  iterator: AsyncIterator<Uint8Array>,
  wanted: number,
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for (let length = 0; length < wanted; ) {
    const { done, value } = await iterator.next()
    if (done) break
    chunks.push(value)
    length += value.byteLength
  }
  return chunks
}
