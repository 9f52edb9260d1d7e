import { CLIP } from './clip.ts'
import { LANDSCAPE, SMILE } from './paintings.ts'
import { encodePdf } from './pdf.ts'
import { encodePng } from './png.ts'
import { VOICE_NOTE } from './voice-note.ts'
import { encodeWav } from './wav.ts'
import { encodeWebp } from './webp.ts'

/** A small real file that can be sent without looking for one. */
export type Sample = { fileName: string; mimetype: string; bytes: Uint8Array }

const CARD = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'N:Example;John;;;',
  'FN:John Example',
  'TEL;TYPE=CELL:+12025550102',
  'END:VCARD',
  '',
].join('\r\n')

/** Files by what they are. Real ones, so that browsers show and play them. */
export const SAMPLES = {
  photo: { fileName: 'evening.png', mimetype: 'image/png', bytes: encodePng(LANDSCAPE) },
  clip: { fileName: 'square.mp4', mimetype: 'video/mp4', bytes: CLIP },
  voice: { fileName: 'voice.ogg', mimetype: 'audio/ogg', bytes: VOICE_NOTE },
  recording: {
    fileName: 'recording.wav',
    mimetype: 'audio/wav',
    bytes: encodeWav([523, 659, 784], 0.35),
  },
  paper: {
    fileName: 'price list.pdf',
    mimetype: 'application/pdf',
    bytes: encodePdf(['Price list', 'Blue bicycle: 240', 'Bell (loud): 12']),
  },
  sticker: { fileName: 'smile.webp', mimetype: 'image/webp', bytes: encodeWebp(SMILE) },
  card: { fileName: 'john.vcf', mimetype: 'text/vcard', bytes: Buffer.from(CARD) },
} as const satisfies Record<string, Sample>

export type SampleName = keyof typeof SAMPLES
export const SAMPLE_NAMES = Object.keys(SAMPLES) as [SampleName, ...SampleName[]]
