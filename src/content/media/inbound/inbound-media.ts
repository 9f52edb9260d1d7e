import { ReadableStream } from 'node:stream/web'
import { BridgeError, isRetryable } from '../../../kernel/errors.ts'
import type { MediaRef } from '../../message/canonical.ts'
import type { DownloadFile } from '../download.ts'
import type { MediaAccount } from '../media-account.ts'
import { mediaFieldsOf } from './media-fields.ts'
import {
  checked,
  FileLostError,
  isLastTry,
  notNow,
  readingFailed,
  reasonOf,
  tellingOf,
} from './verdict.ts'
import { fromWhatsapp, type Source, throughGateway, type Wanted, type Way } from './ways.ts'

export type OpenRequest = Wanted & {
  /** How often this file has failed before. */
  failures: number
}

/**
 * Opens files of WhatsApp messages.
 *
 * @throws {FileLostError} when the file will not come any more
 * @throws {TransientError} when it may come later
 */
export type InboundMedia = {
  open(account: MediaAccount, request: OpenRequest): Promise<InboundFile>
}

/**
 * Two ways lead to a file: the gateway decrypts it, or the bridge does. The second is tried at once
 * when the first is closed. What only shows while bytes flow (a wrong hash, a broken connection)
 * costs a repetition; each repetition begins with the other way than the one before.
 */
export function createInboundMedia({ download }: { download: DownloadFile }): InboundMedia {
  const ways: readonly Way[] = [throughGateway(download), fromWhatsapp(download)]

  return {
    async open(account, request) {
      const { media, failures } = request
      const { maxBytes } = account.options.media
      if ((media.size ?? 0) > maxBytes) throw new FileLostError(media, 'tooLarge')
      const closed: BridgeError[] = []
      for (const way of failures % 2 === 0 ? ways : ways.toReversed()) {
        const source = await tryWay(way, account, request)
        if (!(source instanceof BridgeError)) {
          const isOnlyOne = closed.length === ways.length - 1 && !closed.some(isRetryable)
          return toFile(source, { media, failures, maxBytes, isOnlyOne })
        }
        closed.push(source)
      }
      throw givenUp(request, closed)
    },
  }
}

async function tryWay(
  way: Way,
  account: MediaAccount,
  wanted: Wanted,
): Promise<Source | BridgeError> {
  try {
    return await way(account, wanted)
  } catch (error) {
    if (error instanceof BridgeError) return error
    throw error
  }
}

/** All ways are closed. One that may open again is waited for, but not for ever. */
function givenUp({ media, failures }: OpenRequest, closed: BridgeError[]): BridgeError {
  const passing = closed.find(isRetryable)
  if (passing === undefined) return new FileLostError(media, tellingOf(closed.map(reasonOf)))
  if (!isLastTry(failures)) return notNow(passing)
  return new FileLostError(media, 'unavailable', { cause: passing })
}

/** A file of a WhatsApp message, found and about to be read. */
type InboundFile = {
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

type FileFacts = {
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
function toFile(source: Source, facts: FileFacts): InboundFile {
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
