import type { Attachment } from '../../chatwoot/shapes/attachment.ts'
import { compact } from '../../chatwoot/shapes/lenient.ts'
import { hasCaption } from '../../message/outbound/attachment-kind.ts'
import { extensionOf, nameInUrl } from './file-name.ts'
import { knownType, typeOfExtension, UNKNOWN_TYPE } from './mime-types.ts'

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
