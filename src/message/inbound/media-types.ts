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
export function extensionOf(mimetype: string): string | undefined {
  return byType.get(mimetype)
}

/** Whether a file name's extension is one people use for files, rather than a word after a dot. */
export function isKnownExtension(extension: string): boolean {
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
