/** Pixels of a picture. */
export type Size = { width: number; height: number }

const at = (bytes: Uint8Array, offset: number, text: string): boolean =>
  Buffer.from(bytes.subarray(offset, offset + text.length)).toString('latin1') === text

/**
 * The type that a file's own bytes tell, where that goes before the one it was sent with: Chatwoot's Marcel finds Opus
 * in OGG files.
 */
export function typeOf(bytes: Uint8Array): string | undefined {
  return at(bytes, 0, 'OggS') && at(bytes, 28, 'OpusHead') ? 'audio/opus' : undefined
}

/** The size of a PNG, JPEG, GIF or large WebP; undefined for everything else. */
export function sizeOf(bytes: Uint8Array): Size | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at(bytes, 1, 'PNG') && view.length >= 24)
    return { width: view.readUInt32BE(16), height: view.readUInt32BE(20) }
  if (at(bytes, 0, 'GIF') && view.length >= 10)
    return { width: view.readUInt16LE(6), height: view.readUInt16LE(8) }
  if (at(bytes, 8, 'WEBPVP8X') && view.length >= 30)
    return { width: view.readUIntLE(24, 3) + 1, height: view.readUIntLE(27, 3) + 1 }
  return at(bytes, 0, '\xff\xd8') ? jpegSize(view) : undefined
}

/** Stands in the first frame header, behind segments that name their own length. */
function jpegSize(view: Buffer): Size | undefined {
  let offset = 2
  while (offset + 9 <= view.length && view[offset] === 0xff) {
    const marker = view[offset + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame)
      return { width: view.readUInt16BE(offset + 7), height: view.readUInt16BE(offset + 5) }
    offset += 2 + view.readUInt16BE(offset + 2)
  }
  return undefined
}
