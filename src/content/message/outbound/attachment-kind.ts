import { SEND_LIMITS, type SendKind } from '../../media/limits.ts'

/** What decides how a file is sent. */
export type FileFacts = {
  /** Bare MIME type in lower case. */
  type: string
  /** Bytes, when known. */
  size?: number
  /** A text that has to stay with the file. */
  caption?: string
}

/** Kinds an agent's file can take by itself; stickers are sent by command only. */
export type FileKind = Exclude<SendKind, 'sticker'>

export type KindChoice =
  /** `maxBytes` is how much of it may be sent as this kind. */
  | { kind: FileKind; maxBytes: number }
  /** A card to be read; what cannot be read as one is a document. */
  | { kind: 'contact'; maxBytes: number }
  /** Larger than anything WhatsApp or the account's `media.maxBytes` takes. */
  | { kind: 'too-large'; maxBytes: number }

/** `types` and `bytes` as in `SEND_LIMITS`; kinds without `caption` cannot show one. */
type Row = {
  kind: FileKind | 'contact'
  bytes: number
  types?: readonly string[]
  caption: boolean
}

/** Cards are read whole; a larger one is mostly its picture, which a contact message cannot show. */
const CARD_BYTES = 1_000_000

/** The first row that fits decides. A document takes everything, so it comes last. */
const ROWS: readonly Row[] = [
  { kind: 'contact', types: ['text/vcard'], bytes: CARD_BYTES, caption: false },
  { kind: 'image', ...SEND_LIMITS.image, caption: true },
  { kind: 'video', ...SEND_LIMITS.video, caption: true },
  // Always arrives as a voice note, which has no caption (docs/platforms/wasender.md#sending).
  { kind: 'audio', ...SEND_LIMITS.audio, caption: false },
  { kind: 'document', ...SEND_LIMITS.document, caption: true },
]

/**
 * How a file is sent: as what it is when WhatsApp takes it so, else as a document, and not at all when it is larger than
 * a document may be. Audio and cards with a caption become documents, so that no word of the agent is lost. Pure.
 *
 * @param maxBytes the account's own limit, `options.media.maxBytes`
 */
export function chooseKind(file: FileFacts, maxBytes: number): KindChoice {
  const row = ROWS.find((candidate) => fits(candidate, file))
  const limit = Math.min(row?.bytes ?? SEND_LIMITS.document.bytes, maxBytes)
  if (row === undefined || (file.size ?? 0) > limit) return { kind: 'too-large', maxBytes: limit }
  return { kind: row.kind, maxBytes: limit }
}

function fits({ types, bytes, caption }: Row, file: FileFacts): boolean {
  if (types !== undefined && !types.includes(file.type)) return false
  if (file.caption !== undefined && !caption) return false
  return file.size === undefined || file.size <= bytes
}

/** Whether a file of this type and size can show a text with it when it is sent as what it is. */
export function hasCaption(file: Omit<FileFacts, 'caption'>): boolean {
  return ROWS.find((row) => fits(row, file))?.caption ?? true
}
