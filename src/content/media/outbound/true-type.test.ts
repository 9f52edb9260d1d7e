import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNKNOWN_TYPE } from '../../mime-types.ts'
import { HEAD_BYTES, trueType } from './true-type.ts'

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const JPEG = '\xff\xd8\xff\xe0\x00\x10JFIF'
const PNG = '\x89PNG\r\n\x1a\n'
const MP4 = '\x00\x00\x00\x20ftypisom'
const HEIC = '\x00\x00\x00\x18ftypheic'
const OOXML = 'PK\x03\x04\x14\x00'

describe('trueType', () => {
  it.each([
    [UNKNOWN_TYPE, JPEG, 'image/jpeg'],
    [UNKNOWN_TYPE, PNG, 'image/png'],
    [UNKNOWN_TYPE, 'GIF89a', 'image/gif'],
    [UNKNOWN_TYPE, 'RIFF\x00\x00\x00\x00WEBPVP8 ', 'image/webp'],
    [UNKNOWN_TYPE, HEIC, 'image/heic'],
    [UNKNOWN_TYPE, MP4, 'video/mp4'],
    [UNKNOWN_TYPE, '\x00\x00\x00\x14ftypM4A ', 'audio/mp4'],
    [UNKNOWN_TYPE, '\x00\x00\x00\x14ftyp3gp5', 'video/3gpp'],
    [UNKNOWN_TYPE, 'OggS\x00', 'audio/ogg'],
    [UNKNOWN_TYPE, 'ID3\x04', 'audio/mpeg'],
    [UNKNOWN_TYPE, '\xff\xfb\x90', 'audio/mpeg'],
    [UNKNOWN_TYPE, '#!AMR\n', 'audio/amr'],
    [UNKNOWN_TYPE, '%PDF-1.7', 'application/pdf'],
    [UNKNOWN_TYPE, 'BEGIN:VCARD\r\n', 'text/vcard'],
    [UNKNOWN_TYPE, 'hello', UNKNOWN_TYPE],
    [UNKNOWN_TYPE, '', UNKNOWN_TYPE],
    // A renamed file.
    ['image/png', JPEG, 'image/jpeg'],
    ['image/jpeg', HEIC, 'image/heic'],
    ['image/jpeg', 'hello', UNKNOWN_TYPE],
    // One container, several types.
    ['audio/mp4', MP4, 'audio/mp4'],
    ['video/quicktime', MP4, 'video/quicktime'],
    ['video/ogg', 'OggS\x00', 'video/ogg'],
    ['audio/webm', '\x1aE\xdf\xa3', 'audio/webm'],
    // Types without a signature of their own are believed.
    ['application/vnd.ms-excel', OOXML, 'application/vnd.ms-excel'],
    ['text/plain', PNG, 'text/plain'],
    // Sound and cards may have something before the mark.
    ['audio/mpeg', '\x00\x00\x00', 'audio/mpeg'],
    ['text/vcard', '\r\nBEGIN:VCARD', 'text/vcard'],
  ])('%s that starts with %j is %s', (declared, head, type) => {
    expect(trueType(declared, latin1(head))).toBe(type)
  })

  it('depends on the first bytes only and comes to rest', () => {
    const declared = fc.constantFrom(UNKNOWN_TYPE, 'image/jpeg', 'video/mp4', 'text/plain')
    const start = fc.constantFrom(JPEG, PNG, MP4, HEIC, OOXML, '')
    fc.assert(
      fc.property(declared, start, fc.uint8Array({ minLength: 32 }), (type, head, rest) => {
        const bytes = Buffer.concat([latin1(head), rest])
        const found = trueType(type, bytes)
        expect(trueType(type, bytes.subarray(0, HEAD_BYTES))).toBe(found)
        expect(trueType(found, bytes)).toBe(found)
      }),
    )
  })
})
