import { z } from 'zod'
import { compact, flag, label, text } from '../../../platforms/wasender/events/fields.ts'
import type { MediaNode } from '../../../platforms/wasender/media.ts'
import { bareType } from '../../mime-types.ts'
import type { MediaKind, MediaRef } from '../canonical.ts'
import type { Converter } from './converter.ts'
import { bytes, readNode, size } from './fields.ts'
import { fileNameOf } from './file-name.ts'
import { isNode } from './unwrap.ts'

const mediaSchema = z.object({
  url: label,
  directPath: label,
  mediaKey: bytes,
  mimetype: label,
  fileLength: size,
  seconds: size,
  caption: text,
  fileName: label,
  title: label,
  gifPlayback: flag,
  ptt: flag,
})

type MediaFields = z.output<typeof mediaSchema>

type MediaType = {
  kind: MediaKind | ((fields: MediaFields) => MediaKind)
  /** For a node that names no type. */
  mimetype: string
}

/** The six nodes that hold a file (docs/platforms/wasender.md#kinds-of-message). */
const TYPES: Readonly<Record<MediaNode, MediaType>> = {
  imageMessage: { kind: 'image', mimetype: 'image/jpeg' },
  videoMessage: {
    kind: ({ gifPlayback }) => (gifPlayback === true ? 'gif' : 'video'),
    mimetype: 'video/mp4',
  },
  ptvMessage: { kind: 'round', mimetype: 'video/mp4' },
  audioMessage: {
    kind: ({ ptt }) => (ptt === true ? 'voice' : 'audio'),
    mimetype: 'audio/ogg',
  },
  documentMessage: { kind: 'document', mimetype: 'application/octet-stream' },
  stickerMessage: { kind: 'sticker', mimetype: 'image/webp' },
}

/** Nothing is carried of a file that lacks its place or its key: WhatsApp withholds view-once media so. */
const fromMedia =
  (name: MediaNode): Converter =>
  (node, { body, at }) => {
    const found = mediaIn(name, node, at)
    if (found === undefined) return undefined
    return { kind: 'media', media: found.media, ...compact({ text: found.caption || body }) }
  }

/** The file in a node, with its caption. `undefined` when it cannot be had. */
export function mediaIn(
  name: MediaNode,
  node: unknown,
  at: number | undefined,
): { media: MediaRef; caption: string | undefined } | undefined {
  if (!isNode(node)) return undefined
  const fields = readNode(mediaSchema, node)
  const isReadable = (fields.url ?? fields.directPath) !== undefined
  if (!isReadable || fields.mediaKey === undefined) return undefined
  const type = TYPES[name]
  const kind = typeof type.kind === 'string' ? type.kind : type.kind(fields)
  const mimetype = bareType(fields.mimetype) ?? type.mimetype
  const media = {
    kind,
    node: name,
    raw: node,
    mimetype,
    fileName: fileNameOf({ kind, mimetype, names: [fields.fileName, fields.title], at }),
    ...compact({ size: fields.fileLength, duration: fields.seconds }),
  }
  return { media, caption: fields.caption }
}

export const mediaNodes = Object.keys(TYPES) as MediaNode[]

/** A converter for each node that holds a file. */
export const mediaConverters: readonly (readonly [string, Converter])[] = mediaNodes.map((name) => [
  name,
  fromMedia(name),
])

/** Whether a node holds a file, also one that is withheld. */
export function isMediaNode(type: string): boolean {
  return Object.hasOwn(TYPES, type)
}
