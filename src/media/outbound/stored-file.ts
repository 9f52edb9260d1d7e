import { TransientError } from '../../errors.ts'
import type { DownloadFile } from '../download.ts'
import { isNotThere } from '../download-errors.ts'
import { type FileStream, openFileStream } from './file-stream.ts'
import type { MediaAccount } from './prepared.ts'
import { storageUrl } from './storage-url.ts'
import { HEAD_BYTES } from './true-type.ts'

/** A file of Chatwoot that is being downloaded. */
export type StoredFile = FileStream & {
  /** Bytes announced by the storage, when they were. */
  size: number | undefined
  /** The storage's `Content-Type`. */
  served: string | undefined
  /** Lets go of a file that is not read to its end. */
  close(): void
}

/**
 * Tries during which a missing file may still come: with the lane's back-off the last one is about 50 seconds
 * after the first.
 */
const RACE_ATTEMPTS = 5

/**
 * Opens an attachment's file. Chatwoot moves files to its storage after it has told us of them, so a missing one is
 * worth waiting for at first (docs/platforms/chatwoot.md#attachments). An S3 that may not list says 403 for a missing
 * file, so every refusal counts as missing.
 *
 * @param attempts failed attempts before this one
 * @throws {TransientError} the file is not there yet, or the storage is in trouble
 * @throws {PermanentError} `media.not_there`, `media.host_refused`, `media.too_many_redirects`
 */
export async function openStored(
  download: DownloadFile,
  account: Pick<MediaAccount, 'id' | 'baseUrls'>,
  dataUrl: string,
  attempts: number,
): Promise<StoredFile> {
  const { chatwoot } = account.baseUrls
  try {
    const file = await download(storageUrl(dataUrl, chatwoot), {
      configured: [chatwoot],
      // Which storage Chatwoot redirects to is its own affair: S3, Google, Azure, a CDN.
      hosts: 'any',
    })
    const stream = await openFileStream(file.body, HEAD_BYTES)
    return { ...stream, size: file.size, served: file.contentType, close: file.close }
  } catch (error) {
    if (!isNotThere(error) || attempts >= RACE_ATTEMPTS) throw error
    throw new TransientError(
      `Chatwoot (account ${account.id}) does not have the file of a message yet. It is tried again.`,
      { code: 'media.not_there_yet', context: { account: account.id, attempts }, cause: error },
    )
  }
}
