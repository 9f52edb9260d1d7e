import { withoutEnd } from '../../../kernel/without-end.ts'
import { extensionOfType, typeOfExtension } from '../../mime-types.ts'
import type { MediaKind } from '../canonical.ts'

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

type Unnamed = {
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
  const extension = extensionOfType(mimetype)
  if (own === undefined) return withExtension([STEMS[kind], ...stamp(at)].join('-'), extension)
  const ending = /.\.([^.]+)$/.exec(own)?.[1]
  // `report.final` is no file of type "final"; but a type nobody knows must not rename a good `notes.xyz`.
  const isNamed =
    ending !== undefined && (extension === undefined || typeOfExtension(ending) !== undefined)
  return isNamed ? shortened(own, ending) : withExtension(own, extension)
}

/** A path on somebody's disk, of which only the last segment is a name. */
const PATH = /^(?:[/\\~]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|(?:file|content):\/)/

/**
 * A name as a single path segment, without what storages and headers trip over. People write slashes in names, as in
 * `Invoice 03/2026.pdf`; only a path is cut down to its last segment.
 */
function cleaned(name = ''): string {
  const segment = PATH.test(name) ? (name.split(/[/\\]/).at(-1) ?? '') : name
  return segment
    .replace(/[/\\]+/g, '-')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[.\s-]+/, '')
}

function withExtension(stem: string, extension: string | undefined): string {
  const short = stem.slice(0, LONGEST).trimEnd()
  return extension === undefined ? short : `${short}.${extension}`
}

function shortened(name: string, extension: string): string {
  const stem = withoutEnd(name.slice(0, -(extension.length + 1)).trimEnd(), '.').trimEnd()
  return name.length <= LONGEST
    ? `${stem}.${extension}`
    : withExtension(stem, extension.slice(0, 16))
}

/** `20260718-192605`. */
function stamp(at: number | undefined): string[] {
  if (at === undefined || !Number.isFinite(at) || Math.abs(at) > 8.64e15) return []
  const [date = '', time = ''] = new Date(at).toISOString().split('T')
  return [date.replaceAll('-', ''), time.slice(0, 8).replaceAll(':', '')]
}
