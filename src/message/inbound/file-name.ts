import type { MediaKind } from '../canonical.ts'
import { extensionOf, isKnownExtension } from './media-types.ts'

/** What a file without a name is called, by what it is. */
const STEMS: Readonly<Record<MediaKind, string>> = {
  image: 'image',
  video: 'video',
  gif: 'gif',
  round: 'video-note',
  audio: 'audio',
  voice: 'voice',
  document: 'document',
  sticker: 'sticker',
}

/** Longer names are refused by file systems and storages. */
const LONGEST = 150

export type Unnamed = {
  kind: MediaKind
  mimetype: string
  /** The names it came with, best first. */
  names: readonly (string | undefined)[]
  /** When it was sent, milliseconds since 1970. */
  at?: number | undefined
}

/**
 * The name agents see and download a file by: its own one where it has one, else what it is and when it was sent,
 * in UTC. Either way with an extension that fits its type.
 */
export function fileNameOf({ kind, mimetype, names, at }: Unnamed): string {
  const own = names.map(cleaned).find((name) => name !== '')
  const extension = extensionOf(mimetype)
  if (own === undefined) return withExtension([STEMS[kind], ...stamp(at)].join('-'), extension)
  const ending = /[^.]\.([^.]+)$/.exec(own)?.[1]
  // `report.final` is no file of type "final"; but a type nobody knows must not rename a good `notes.xyz`.
  const isNamed = ending !== undefined && (extension === undefined || isKnownExtension(ending))
  return isNamed ? shortened(own, ending) : withExtension(own, extension)
}

/** A name as a single path segment, without what storages and headers trip over. */
function cleaned(name: string | undefined): string {
  const segment = (name ?? '').split(/[/\\]/).at(-1) ?? ''
  return segment
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
}

function withExtension(stem: string, extension: string | undefined): string {
  const short = stem.slice(0, LONGEST).trimEnd()
  return extension === undefined ? short : `${short}.${extension}`
}

function shortened(name: string, extension: string): string {
  if (name.length <= LONGEST) return name
  return withExtension(name.slice(0, -(extension.length + 1)), extension.slice(0, 16))
}

/** `20260718-192605`. */
function stamp(at: number | undefined): string[] {
  if (at === undefined || !Number.isFinite(at) || Math.abs(at) > 8.64e15) return []
  const [date = '', time = ''] = new Date(at).toISOString().split('T')
  return [date.replaceAll('-', ''), time.slice(0, 8).replaceAll(':', '')]
}
