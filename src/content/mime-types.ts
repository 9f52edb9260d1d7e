import mime from 'mime'

/**
 * Endings of the files that people send. Others are not looked up: a word after a dot is no ending, an `.exe` no better name
 * for what says that it is a PDF, and a `.ts` no video. The first ending of a type is its usual one.
 */
const ENDINGS = [
  'jpg jpeg jfif png gif webp heic heif avif bmp tiff tif svg',
  'mp4 m4v 3gp mov webm mkv avi',
  'mp3 ogg oga opus m4a aac amr wav flac weba',
  'txt csv html md ics vcf json xml pdf rtf epub',
  'doc docx xls xlsx ppt pptx odt ods odp',
  'zip gz 7z rar apk was',
].flatMap((kind) => kind.split(' '))

/** Types that WhatsApp and WasenderAPI write otherwise, or know alone. */
const OWN_TYPES: Readonly<Record<string, string>> = {
  jfif: 'image/jpeg',
  m4v: 'video/mp4',
  flac: 'audio/flac',
  vcf: 'text/vcard',
  was: 'application/was',
}

const typeByEnding = new Map(
  ENDINGS.map((ending) => [ending, OWN_TYPES[ending] ?? mime.getType(ending) ?? undefined]),
)
const endingByType = new Map([...typeByEnding].reverse().map(([ending, type]) => [type, ending]))

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
  'application/x-rar-compressed': 'application/vnd.rar',
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

const BARE_TYPE = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/

/**
 * A MIME type without its parameters, in lower case. Chatwoot tells kinds of files by the exact bare type
 * (docs/platforms/chatwoot.md#uploads).
 */
export function bareType(written: string | null | undefined): string | undefined {
  const bare = written?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return BARE_TYPE.test(bare) ? bare : undefined
}

/** A bare MIME type in its usual spelling; undefined when it is none, or too vague to say anything. */
export function knownType(written: string | null | undefined): string | undefined {
  const bare = bareType(written)
  const type = bare === undefined ? undefined : usualSpelling(bare)
  return type === undefined || VAGUE.has(type) ? undefined : type
}

function usualSpelling(type: string): string {
  return (Object.hasOwn(ALIASES, type) ? ALIASES[type] : undefined) ?? type
}

/** The type an extension (without its dot) stands for; undefined for what people do not send files as. */
export function typeOfExtension(extension: string): string | undefined {
  return typeByEnding.get(extension.toLowerCase())
}

/** The usual extension of a bare MIME type, without the dot. */
export function extensionOfType(type: string): string | undefined {
  return endingByType.get(usualSpelling(type))
}
