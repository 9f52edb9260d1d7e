import type { Attachment } from '../../chatwoot/shapes/attachment.ts'
import { isAudio } from './described-file.ts'
import { nameInUrl } from './file-name.ts'

/** What the dashboard's recorder calls its files. */
const RANDOM_NAME = /^[0-9a-f]{8,}\.[a-z0-9]+$/i

/**
 * Whether an attachment was recorded in the dashboard. Chatwoot does not say; a random hexadecimal name is the only
 * hint (docs/platforms/chatwoot.md#attachments).
 */
export function isRecording(attachment: Attachment): boolean {
  const name = attachment.dataUrl === undefined ? undefined : nameInUrl(attachment.dataUrl)
  return name !== undefined && isAudio(attachment) && RANDOM_NAME.test(name)
}
