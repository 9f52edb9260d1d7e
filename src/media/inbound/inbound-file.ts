import { ReadableStream } from 'node:stream/web'
import type { MediaRef } from '../../message/canonical.ts'
import { checked } from './checked.ts'
import { FileLostError } from './lost.ts'
import { mediaFieldsOf } from './media-fields.ts'
import { readingFailed } from './verdict.ts'
import type { Source } from './ways.ts'

/** A file of a WhatsApp message, found and about to be read. */
export type InboundFile = {
  fileName: string
  /** Bare. */
  contentType: string
  /**
   * The bytes, once. The stream fails rather than end when they are not the ones that were sent, so
   * whatever is built of them must not be finished before the stream is.
   */
  body: () => Promise<ReadableStream<Uint8Array>>
  /** Lets go of a file that is not read to its end. */
  close(): void
}

export type FileFacts = {
  media: MediaRef
  /** How often this file has failed before. */
  failures: number
  maxBytes: number
  /** No other way to the file is left. */
  isOnlyOne: boolean
}

/** Padding and MAC: what an encrypted file may have more than the plain one. */
const OVERHEAD = 26

/** Makes a file of a source: limited, checked against its hash, with errors that say what to do. */
export function toFile(source: Source, facts: FileFacts): InboundFile {
  const { media, maxBytes } = facts
  if ((source.size ?? 0) > maxBytes + OVERHEAD) {
    source.close()
    throw new FileLostError(media, 'tooLarge')
  }

  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield* checked(source.body, { sha256: mediaFieldsOf(media.raw).fileSha256, maxBytes })
    } catch (error) {
      throw readingFailed(error, facts)
    } finally {
      source.close()
    }
  }

  return {
    fileName: media.fileName,
    contentType: contentTypeOf(media),
    // Pulled piece by piece: `Readable.toWeb` would read ahead without a limit in bytes.
    body: async () => ReadableStream.from(bytes()),
    close: source.close,
  }
}

/** Some phones call Ogg an application; Chatwoot plays only what is called audio. */
function contentTypeOf({ kind, mimetype }: MediaRef): string {
  return kind === 'voice' && mimetype === 'application/ogg' ? 'audio/ogg' : mimetype
}
