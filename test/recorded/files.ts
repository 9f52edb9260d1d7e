const ascii = (text: string) => Buffer.from(text, 'latin1')

/** A JPEG of 64 by 48, as far as its header. */
const JPEG = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 48, 0, 64, 3]),
  Buffer.alloc(9),
])

/** A WebP of 64 by 48, as far as its header; both are stored less one. */
const WEBP = Buffer.concat([
  ascii('RIFF'),
  Buffer.from([22, 0, 0, 0]),
  ascii('WEBPVP8X'),
  Buffer.from([10, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 47, 0, 0]),
])

/** The first page of an OGG file that holds Opus. */
const OPUS = Buffer.concat([
  ascii('OggS'),
  Buffer.from([0, 2, ...Array<number>(20).fill(0), 1, 19]),
  ascii('OpusHead'),
  Buffer.alloc(11),
])

const file = (bytes: Buffer, name: string, type: string) =>
  new File([new Uint8Array(bytes)], name, { type })

/** The files of the recorded steps: only what names and beginnings say of them matters. */
export const FILES = {
  image: file(JPEG, 'a.jpg', 'image/jpeg'),
  voiceIn: file(OPUS, 'voice.ogg', 'audio/ogg'),
  pdf: file(ascii('%PDF-1.4'), 'Prüfung.pdf', 'application/pdf'),
  video: file(ascii('\0\0\0\x18ftypmp42'), 'a.mp4', 'video/mp4'),
  voiceOut: file(ascii('ID3'), 'rec.mp3', 'audio/mpeg'),
  webp: file(WEBP, 'a.webp', 'image/webp'),
  heic: file(ascii('\0\0\0\x18ftypheic'), 'a.HEIC', 'image/heic'),
  empty: file(Buffer.alloc(0), 'zero.txt', 'text/plain'),
} as const
