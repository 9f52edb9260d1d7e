const MB = 1024 * 1024

type FileType = { extension: string; starts?: { at: number; bytes: string }[] }

/** File types whose first bytes are checked; `bytes` is Latin-1. */
const TYPES: Record<string, FileType> = {
  'image/jpeg': { extension: 'jpg', starts: [{ at: 0, bytes: '\xff\xd8\xff' }] },
  'image/png': { extension: 'png', starts: [{ at: 0, bytes: '\x89PNG' }] },
  'image/gif': { extension: 'gif', starts: [{ at: 0, bytes: 'GIF8' }] },
  'image/webp': { extension: 'webp', starts: [{ at: 8, bytes: 'WEBP' }] },
  'video/mp4': { extension: 'mp4', starts: [{ at: 4, bytes: 'ftyp' }] },
  'video/3gpp': { extension: '3gp', starts: [{ at: 4, bytes: 'ftyp' }] },
  'audio/ogg': { extension: 'ogg', starts: [{ at: 0, bytes: 'OggS' }] },
  'audio/amr': { extension: 'amr', starts: [{ at: 0, bytes: '#!AMR' }] },
  'audio/mpeg': {
    extension: 'mp3',
    starts: [
      { at: 0, bytes: 'ID3' },
      { at: 0, bytes: '\xff\xfb' },
      { at: 0, bytes: '\xff\xf3' },
      { at: 0, bytes: '\xff\xf2' },
    ],
  },
  'audio/aac': { extension: 'aac' },
  'audio/mp4': { extension: 'm4a', starts: [{ at: 4, bytes: 'ftyp' }] },
  'application/pdf': { extension: 'pdf', starts: [{ at: 0, bytes: '%PDF' }] },
  'application/zip': { extension: 'zip', starts: [{ at: 0, bytes: 'PK' }] },
  'text/plain': { extension: 'txt' },
}

/** How many bytes `matchesType` wants to see. */
export const MAGIC_LENGTH = 16

export const extensionOf = (mimetype: string): string => TYPES[mimetype]?.extension ?? 'bin'

/** Whether the first bytes fit the declared type; types without known first bytes always do. */
export function matchesType(head: Uint8Array, mimetype: string): boolean {
  const { starts } = TYPES[mimetype] ?? {}
  if (starts === undefined) return true
  const text = Buffer.from(head).toString('latin1')
  return starts.some(({ at, bytes }) => text.startsWith(bytes, at))
}

const LIMITS: { type: RegExp; mb: number }[] = [
  { type: /^image\/webp$/, mb: 5 },
  { type: /^image\//, mb: 16 },
  { type: /^video\//, mb: 50 },
  { type: /^audio\//, mb: 16 },
  { type: /./, mb: 100 },
]

/** Upload limit in bytes and in the words of the refusal (docs/platforms/wasender.md#upload). */
export function uploadLimit(mimetype: string): { bytes: number; megabytes: number } {
  const { mb } = LIMITS.find(({ type }) => type.test(mimetype)) ?? { mb: 100 }
  return { bytes: mb * MB, megabytes: mb }
}
