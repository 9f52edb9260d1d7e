import { UNKNOWN_TYPE } from '../../mime-types.ts'

/** First bytes of a file, as Latin-1 text, and the types they may belong to, the likeliest first. */
type Signature = { starts: readonly { at: number; text: string }[]; types: readonly string[] }

const at = (place: number, ...texts: string[]) => texts.map((text) => ({ at: place, text }))

/** The first that fits decides, so the special ones come before the general. */
const SIGNATURES: readonly Signature[] = [
  { starts: at(0, '\xff\xd8\xff'), types: ['image/jpeg'] },
  { starts: at(0, '\x89PNG\r\n\x1a\n'), types: ['image/png'] },
  { starts: at(0, 'GIF87a', 'GIF89a'), types: ['image/gif'] },
  { starts: at(8, 'WEBP'), types: ['image/webp'] },
  { starts: at(8, 'WAVE'), types: ['audio/wav'] },
  {
    starts: at(4, 'ftypheic', 'ftypheix', 'ftyphevc', 'ftypmif1'),
    types: ['image/heic', 'image/heif', 'image/avif'],
  },
  { starts: at(4, 'ftypavif', 'ftypavis'), types: ['image/avif'] },
  { starts: at(4, 'ftypM4A'), types: ['audio/mp4'] },
  { starts: at(4, 'ftyp3g'), types: ['video/3gpp', 'audio/3gpp', 'video/mp4'] },
  { starts: at(4, 'ftypqt'), types: ['video/quicktime'] },
  {
    starts: at(4, 'ftyp'),
    types: ['video/mp4', 'audio/mp4', 'video/3gpp', 'video/quicktime'],
  },
  { starts: at(0, 'OggS'), types: ['audio/ogg', 'video/ogg'] },
  { starts: at(0, '#!AMR'), types: ['audio/amr'] },
  { starts: at(0, 'ID3'), types: ['audio/mpeg', 'audio/aac'] },
  { starts: at(0, '\xff\xf1', '\xff\xf9'), types: ['audio/aac'] },
  {
    starts: at(0, '\xff\xfb', '\xff\xfa', '\xff\xf3', '\xff\xf2', '\xff\xe3', '\xff\xe2'),
    types: ['audio/mpeg'],
  },
  { starts: at(0, '\x1aE\xdf\xa3'), types: ['video/webm', 'video/x-matroska', 'audio/webm'] },
  { starts: at(0, '%PDF-'), types: ['application/pdf'] },
  { starts: at(0, 'BEGIN:VCARD', 'begin:vcard'), types: ['text/vcard'] },
]

/** How many bytes {@link trueType} wants to see. */
export const HEAD_BYTES = 16

/** Types that all have a signature above: a file without it is not of the type. */
const PROVABLE: ReadonlySet<string> = new Set(SIGNATURES.flatMap(({ types }) => types))
/** Types whose signature may come later in the file: that it is not at the start proves nothing. */
const LENIENT: ReadonlySet<string> = new Set(['text/vcard', 'audio/mpeg', 'audio/aac'])

/**
 * The type a file really has. WasenderAPI refuses an upload whose first bytes contradict its type
 * (docs/platforms/wasender.md#upload), and agents do rename files.
 */
export function trueType(declared: string, head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1')
  const found = SIGNATURES.find(({ starts }) =>
    starts.some((start) => text.startsWith(start.text, start.at)),
  )
  const isOpen = declared === UNKNOWN_TYPE || PROVABLE.has(declared)
  if (found !== undefined) {
    if (!isOpen || found.types.includes(declared)) return declared
    return found.types[0] ?? declared
  }
  return PROVABLE.has(declared) && !LENIENT.has(declared) ? UNKNOWN_TYPE : declared
}
