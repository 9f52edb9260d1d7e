import { TransientError } from '../../../kernel/errors.ts'
import { compact } from '../../../platforms/chatwoot/shapes/lenient.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import type { OutgoingContent } from '../../../platforms/wasender/outgoing-message.ts'
import { hasCaption } from '../../message/outbound/attachment-kind.ts'
import { knownType, typeOfExtension, UNKNOWN_TYPE } from '../../mime-types.ts'
import { type DownloadFile, isNotThere } from '../download.ts'
import type { MediaAccount } from '../media-account.ts'
import { extensionOf, nameInUrl } from './file-name.ts'
import { type FileStream, openFileStream } from './file-stream.ts'
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

/** Where Rails serves stored files. */
const STORAGE_PATH = '/rails/active_storage/'

/**
 * The address to fetch a file of Chatwoot from. Chatwoot writes its `FRONTEND_URL` into it, which may be wrong or for
 * browsers only (docs/platforms/chatwoot.md#attachments); the API is known to answer at the configured address, and it
 * is the same server.
 */
export function storageUrl(dataUrl: string, chatwootBaseUrl: string): string {
  const url = URL.parse(dataUrl)
  const base = URL.parse(chatwootBaseUrl)
  if (url === null || base === null || !url.pathname.includes(STORAGE_PATH)) return dataUrl
  return `${base.origin}${url.pathname}${url.search}`
}

/** What is known of a file before it is downloaded. */
export type DescribedFile = {
  /** Bare MIME type, `application/octet-stream` when nobody knows. */
  type: string
  name?: string
  /** Bytes. */
  size?: number
}

/**
 * Reads what Chatwoot says of a file. `content_type` and `extension` exist since 4.13; before, only the
 * name is left (docs/platforms/chatwoot.md#attachments).
 *
 * @param served the storage's own `Content-Type`, once it was asked
 */
export function describeFile(attachment: Attachment, served?: string | null): DescribedFile {
  const { contentType, extension, dataUrl, fileSize } = attachment
  const name = dataUrl === undefined ? undefined : nameInUrl(dataUrl)
  const type =
    knownType(contentType) ??
    typeOfExtension(extension?.replace(/^\./, '') ?? '') ??
    typeOfExtension(extensionOf(name ?? '')) ??
    knownType(served) ??
    UNKNOWN_TYPE
  return compact({ type, name, size: fileSize })
}

/** Whether an attachment is heard rather than seen, as far as Chatwoot tells. */
export function isAudio(attachment: Attachment): boolean {
  const { type } = describeFile(attachment)
  return type === UNKNOWN_TYPE ? attachment.fileType === 'audio' : type.startsWith('audio/')
}

/**
 * Whether a text can go out as the caption of this attachment. Without, the text is a message of its own:
 * voice notes and contact cards show none. The same answer at every attempt, because it decides how many
 * WhatsApp messages an agent's message is made of.
 */
export function takesCaption(attachment: Attachment): boolean {
  if (attachment.dataUrl === undefined) return false
  return !isAudio(attachment) && hasCaption(describeFile(attachment))
}

/** A file that can be sent, or why not, in words for the agent. */
export type Prepared = { content: OutgoingContent } | { refuse: string }

export type PrepareOptions = {
  /** In WhatsApp's marks. See `takesCaption` for which attachments can have one. */
  caption?: string
  /** Whether it was recorded as a voice note; told by its name when absent. */
  voice?: boolean
  /** Failed attempts of the message before this one. */
  attempts: number
}

/** What reading the file has shown, and nothing had announced. */
export type Learned = {
  /** The file has at least so many bytes. */
  atLeast: number
  /** No voice note can be made of it. */
  notEncodable: boolean
}

/** One pass over one attachment. */
export type Task = {
  account: MediaAccount
  attachment: Attachment
  dataUrl: string
  options: PrepareOptions
  learned: Learned
}
