/** Extension of a file name and the MIME type it stands for; the first of a type is its usual one. */
const TYPES: readonly (readonly [string, string])[] = [
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['jfif', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['avif', 'image/avif'],
  ['bmp', 'image/bmp'],
  ['tiff', 'image/tiff'],
  ['tif', 'image/tiff'],
  ['svg', 'image/svg+xml'],
  ['mp4', 'video/mp4'],
  ['m4v', 'video/mp4'],
  ['3gp', 'video/3gpp'],
  ['mov', 'video/quicktime'],
  ['webm', 'video/webm'],
  ['mkv', 'video/x-matroska'],
  ['avi', 'video/x-msvideo'],
  ['mp3', 'audio/mpeg'],
  ['ogg', 'audio/ogg'],
  ['oga', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['m4a', 'audio/mp4'],
  ['aac', 'audio/aac'],
  ['amr', 'audio/amr'],
  ['wav', 'audio/wav'],
  ['flac', 'audio/flac'],
  ['vcf', 'text/vcard'],
  ['txt', 'text/plain'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
  ['json', 'application/json'],
  ['xml', 'application/xml'],
  ['pdf', 'application/pdf'],
  ['rtf', 'application/rtf'],
  ['zip', 'application/zip'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xls', 'application/vnd.ms-excel'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt', 'application/vnd.ms-powerpoint'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
]

/** Other spellings of a type that browsers, phones and storages use. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'video/3gp': 'video/3gpp',
  'video/x-m4v': 'video/mp4',
  'audio/mp3': 'audio/mpeg',
  'audio/x-mp3': 'audio/mpeg',
  'audio/x-mpeg': 'audio/mpeg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/opus': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'audio/aacp': 'audio/aac',
  'audio/x-aac': 'audio/aac',
  'audio/x-hx-aac-adts': 'audio/aac',
  'audio/x-amr': 'audio/amr',
  'audio/amr-nb': 'audio/amr',
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'text/x-vcard': 'text/vcard',
  'text/directory': 'text/vcard',
  'text/vcf': 'text/vcard',
}

/** Types that say nothing but "bytes". */
const VAGUE: ReadonlySet<string> = new Set([
  'application/octet-stream',
  'binary/octet-stream',
  'application/binary',
  'application/force-download',
  'application/x-download',
  'application/unknown',
])

/** Said of bytes nobody knows more about. */
export const UNKNOWN_TYPE = 'application/octet-stream'

const MIME_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/

/** A MIME type without parameters, in its usual spelling; undefined when it is none, or too vague to say anything. */
export function knownType(written: string | null | undefined): string | undefined {
  const bare = written?.split(';')[0]?.trim().toLowerCase() ?? ''
  const type = Object.hasOwn(ALIASES, bare) ? ALIASES[bare] : bare
  return type !== undefined && MIME_TYPE.test(type) && !VAGUE.has(type) ? type : undefined
}

/** The type an extension (without its dot) stands for. */
export function typeOfExtension(extension: string): string | undefined {
  const lower = extension.toLowerCase()
  return TYPES.find(([known]) => known === lower)?.[1]
}

/** The usual extension of a type, without the dot. */
export function extensionOfType(type: string): string | undefined {
  return TYPES.find(([, known]) => known === type)?.[0]
}
