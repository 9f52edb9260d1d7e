import { crc32 } from 'node:zlib'

/** Eight hex digits that differ when anything in the text was changed by accident. */
export function checksum(text: string | Uint8Array): string {
  return crc32(text).toString(16).padStart(8, '0')
}
