/** The gateway does not say which megabytes it means; these are the stricter ones. */
const MB = 1_000_000
const KB = 1_000

/** Kinds of files WasenderAPI sends, one content field each. Audio always goes out as a voice note. */
export type SendKind = 'image' | 'video' | 'audio' | 'sticker' | 'document'

export type SendLimit = {
  /** Largest file, in bytes. */
  bytes: number
  /** Bare MIME types in lower case; absent when any type will do. */
  types?: readonly string[]
}

/**
 * What each kind takes (docs/platforms/wasender.md#sending). A file that does not fit its kind may still go as a
 * document; what is too large for a document cannot be sent at all.
 */
export const SEND_LIMITS: Readonly<Record<SendKind, SendLimit>> = {
  image: { bytes: 5 * MB, types: ['image/jpeg', 'image/png'] },
  video: { bytes: 50 * MB, types: ['video/mp4', 'video/3gpp'] },
  audio: {
    bytes: 16 * MB,
    types: ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/ogg', 'audio/amr'],
  },
  sticker: { bytes: 100 * KB, types: ['image/webp'] },
  document: { bytes: 100 * MB },
}

/** A group of MIME types and the largest file of it, in bytes. */
export type UploadLimit = { types: RegExp; bytes: number }

/** What `POST /upload` takes; the first that fits counts (docs/platforms/wasender.md#upload). */
export const UPLOAD_LIMITS: readonly UploadLimit[] = [
  { types: /^image\/webp$/, bytes: 5 * MB },
  { types: /^image\//, bytes: 16 * MB },
  { types: /^video\//, bytes: 50 * MB },
  { types: /^audio\//, bytes: 16 * MB },
  { types: /./, bytes: 100 * MB },
]

/** Largest upload of a bare MIME type, in bytes. */
export function uploadLimit(mimetype: string): number {
  return (
    UPLOAD_LIMITS.find(({ types }) => types.test(mimetype))?.bytes ?? SEND_LIMITS.document.bytes
  )
}
