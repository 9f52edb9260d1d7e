import { PNG } from 'pngjs'
import decodeQR from 'qr/decode.js'

/** A login code is a few hundred characters; as a picture some ten thousand. */
const LONGEST = 1_000_000
/** So many pixels each way at most: a file of a few bytes may claim to be of any size. */
const WIDEST = 2_000

const DATA_URL = 'data:image/png;base64,'
/** How the base64 of every PNG begins. */
const PNG_START = 'iVBORw0KGgo'

/**
 * The text of a login code, however the gateway wrote it: as text (`2@…`), or as a picture, with or without the prefix
 * of a data URL (docs/platforms/wasender.md#qr-codes). `undefined` for a picture that shows none. The code is a login
 * secret.
 */
export function qrText(written: string): string | undefined {
  const code = written.trim()
  if (code === '' || code.length > LONGEST) return undefined
  const base64 = code.startsWith(DATA_URL) ? code.slice(DATA_URL.length) : code
  if (!base64.startsWith(PNG_START)) return code.startsWith('data:') ? undefined : code
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length < 24) return undefined
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  if (width > WIDEST || height > WIDEST) return undefined
  try {
    return decodeQR(PNG.sync.read(bytes))
  } catch {
    return undefined
  }
}
