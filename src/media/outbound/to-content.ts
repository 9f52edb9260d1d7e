import type { FileKind } from '../../message/outbound/attachment-kind.ts'
import type { OutgoingContent } from '../../wasender/outgoing-message.ts'

/** A file that has its address. */
export type PlacedFile = {
  url: string
  fileName: string
  caption?: string
}

const withCaption = ({ caption }: PlacedFile) => (caption === undefined ? {} : { caption })

/** How a file of each kind is sent. */
const CONTENT: Readonly<Record<FileKind, (file: PlacedFile) => OutgoingContent>> = {
  image: (file) => ({ kind: 'image', url: file.url, ...withCaption(file) }),
  video: (file) => ({ kind: 'video', url: file.url, ...withCaption(file) }),
  audio: ({ url }) => ({ kind: 'audio', url }),
  document: (file) => ({
    kind: 'document',
    url: file.url,
    fileName: file.fileName,
    ...withCaption(file),
  }),
}

/** The content of the send that carries the file. */
export function toContent(kind: FileKind, file: PlacedFile): OutgoingContent {
  return CONTENT[kind](file)
}
