import type { Attachment } from '../../chatwoot/shapes/attachment.ts'
import type { OutgoingContent } from '../../wasender/outgoing-message.ts'

/**
 * Attachments without a file: places, cards and links, which API clients can make
 * (docs/platforms/chatwoot.md#attachments). Nothing when there is nothing to show.
 */
export function attachedContent(attachment: Attachment): OutgoingContent[] {
  const { fileType, latitude, longitude, fallbackTitle: title } = attachment
  if (fileType === 'location' && latitude !== undefined && longitude !== undefined) {
    return [{ kind: 'location', latitude, longitude, ...(title ? { name: title } : {}) }]
  }
  if (fileType === 'contact' && title !== undefined && /^\+?[\d\s()./-]{6,}$/.test(title)) {
    return [{ kind: 'contact', name: title, phone: title.replace(/[^\d+]/g, '') }]
  }
  return title === undefined ? [] : [{ kind: 'text', text: title }]
}
