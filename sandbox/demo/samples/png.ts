import { crc32, deflateSync } from 'node:zlib'
import { type Picture, pointsOf } from './picture.ts'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Eight bits for each of four channels; the usual compression and filter, not interlaced. */
const RGBA_8 = [8, 6, 0, 0, 0]

/** The picture as a PNG file. */
export function encodePng(picture: Picture): Buffer {
  const { width, height } = picture
  const points = Buffer.from([...pointsOf(picture)].flat())
  const rows = Array.from({ length: height }, (_, y) => [
    Buffer.alloc(1),
    points.subarray(y * width * 4, (y + 1) * width * 4),
  ])
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([size, Buffer.from(RGBA_8)])),
    chunk('IDAT', deflateSync(Buffer.concat(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
