import { withoutEnd } from '../../../kernel/without-end.ts'
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
  const extension = extensionOf(mimetype)
  if (own === undefined) return withExtension([STEMS[kind], ...stamp(at)].join('-'), extension)
  const ending = /.\.([^.]+)$/.exec(own)?.[1]
  // `report.final` is no file of type "final"; but a type nobody knows must not rename a good `notes.xyz`.
  const isNamed = ending !== undefined && (extension === undefined || isKnownExtension(ending))
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

/** Extension by bare MIME type, for naming what WhatsApp sends without a name. The first of a type is the usual one. */
const EXTENSIONS: readonly (readonly [mimetype: string, extension: string])[] = [
  ['image/jpeg', 'jpg'],
  ['image/jpeg', 'jpeg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/heic', 'heic'],
  ['image/heif', 'heif'],
  ['image/bmp', 'bmp'],
  ['image/tiff', 'tiff'],
  ['image/svg+xml', 'svg'],
  ['video/mp4', 'mp4'],
  ['video/3gpp', '3gp'],
  ['video/quicktime', 'mov'],
  ['video/webm', 'webm'],
  ['video/x-matroska', 'mkv'],
  ['video/x-msvideo', 'avi'],
  ['audio/ogg', 'ogg'],
  ['audio/ogg', 'opus'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/aac', 'aac'],
  ['audio/amr', 'amr'],
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/flac', 'flac'],
  ['audio/webm', 'weba'],
  ['application/pdf', 'pdf'],
  ['application/zip', 'zip'],
  ['application/gzip', 'gz'],
  ['application/x-7z-compressed', '7z'],
  ['application/vnd.rar', 'rar'],
  ['application/x-rar-compressed', 'rar'],
  ['application/json', 'json'],
  ['application/xml', 'xml'],
  ['application/rtf', 'rtf'],
  ['application/epub+zip', 'epub'],
  ['application/msword', 'doc'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.ms-powerpoint', 'ppt'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'odp'],
  ['application/vnd.android.package-archive', 'apk'],
  ['application/was', 'was'],
  ['text/plain', 'txt'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
  ['text/calendar', 'ics'],
  ['text/vcard', 'vcf'],
  ['text/x-vcard', 'vcf'],
]

const byType = new Map([...EXTENSIONS].reverse())
const known = new Set(EXTENSIONS.map(([, extension]) => extension))

/** The usual extension of a bare MIME type, without the dot. */
function extensionOf(mimetype: string): string | undefined {
  return byType.get(mimetype)
}

/** Whether a file name's extension is one people use for files, rather than a word after a dot. */
function isKnownExtension(extension: string): boolean {
  return known.has(extension.toLowerCase())
}

const BARE_TYPE = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/

/**
 * A MIME type without its parameters, in lower case. Chatwoot tells kinds of files by the exact bare type
 * (docs/platforms/chatwoot.md#uploads).
 */
export function bareType(mimetype: string | undefined): string | undefined {
  const bare = mimetype?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return BARE_TYPE.test(bare) ? bare : undefined
}
