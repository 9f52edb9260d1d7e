import { z } from 'zod'
import { amount, compact, text } from './lenient.ts'

/** A file, place or card of a message (docs/platforms/chatwoot.md#payloads, #attachments). */
export type Attachment = {
  id?: number
  /** `image`, `audio`, `video`, `file`, `location`, `contact`, `fallback`, … */
  fileType: string
  /**
   * Permanent address that redirects to one valid for five minutes. Absent for cards and places.
   */
  dataUrl?: string
  thumbUrl?: string
  /** Bytes. */
  fileSize?: number
  /** Without the dot; absent before Chatwoot 4.13. */
  extension?: string
  /** Absent before Chatwoot 4.13. */
  contentType?: string
  width?: number
  height?: number
  transcribedText?: string
  latitude?: number
  longitude?: number
  /** Title of a place, or the number on a card. */
  fallbackTitle?: string
}

export const attachmentSchema = z
  .object({
    id: amount,
    file_type: text,
    data_url: text,
    thumb_url: text,
    file_size: amount,
    extension: text,
    content_type: text,
    width: amount,
    height: amount,
    transcribed_text: text,
    coordinates_lat: amount,
    coordinates_long: amount,
    fallback_title: text,
  })
  .transform(
    (raw): Attachment =>
      compact({
        id: raw.id,
        // "file" is what Chatwoot itself uses for every type it does not know.
        fileType: raw.file_type ?? 'file',
        dataUrl: raw.data_url,
        thumbUrl: raw.thumb_url,
        fileSize: raw.file_size,
        extension: raw.extension,
        contentType: raw.content_type,
        width: raw.width,
        height: raw.height,
        transcribedText: raw.transcribed_text,
        latitude: raw.coordinates_lat,
        longitude: raw.coordinates_long,
        fallbackTitle: raw.fallback_title,
      }),
  )
