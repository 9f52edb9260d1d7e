import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bareType, extensionOfType, knownType, typeOfExtension } from './mime-types.ts'

describe('knownType', () => {
  it.each([
    ['image/jpeg', 'image/jpeg'],
    ['IMAGE/JPG', 'image/jpeg'],
    ['audio/ogg; codecs=opus', 'audio/ogg'],
    [' audio/mp3 ', 'audio/mpeg'],
    ['audio/x-m4a', 'audio/mp4'],
    ['text/x-vcard;charset=utf-8', 'text/vcard'],
    ['application/vnd.api+json', 'application/vnd.api+json'],
    ['application/octet-stream', undefined],
    ['binary/octet-stream', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
    ['image', undefined],
    ['constructor', undefined],
    ['image/png\r\nX-Evil: 1', undefined],
  ])('reads %j as %j', (written, type) => {
    expect(knownType(written)).toBe(type)
  })

  it('gives what it can read back unchanged, and never anything else than a bare type', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const type = knownType(text)
        if (type === undefined) return
        expect(type).toMatch(/^[^\s;/]+\/[^\s;/]+$/)
        expect(knownType(type)).toBe(type)
      }),
    )
  })
})

describe('extensions', () => {
  it.each(['jpg', 'png', 'mp4', '3gp', 'mp3', 'ogg', 'm4a', 'amr', 'aac', 'vcf', 'pdf', 'docx'])(
    '%s leads to a type and back',
    (extension) => {
      expect(extensionOfType(typeOfExtension(extension) ?? '')).toBe(extension)
    },
  )

  it.each([
    ['jfif', 'image/jpeg', 'jpg'],
    ['tif', 'image/tiff', 'tiff'],
    ['m4v', 'video/mp4', 'mp4'],
    ['mov', 'video/quicktime', 'mov'],
    ['opus', 'audio/ogg', 'ogg'],
    ['mp3', 'audio/mpeg', 'mp3'],
    ['aac', 'audio/aac', 'aac'],
    ['flac', 'audio/flac', 'flac'],
    ['weba', 'audio/webm', 'weba'],
    ['was', 'application/was', 'was'],
    ['vcf', 'text/vcard', 'vcf'],
    ['md', 'text/markdown', 'md'],
    ['rtf', 'application/rtf', 'rtf'],
    ['xml', 'application/xml', 'xml'],
    ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
    ['odt', 'application/vnd.oasis.opendocument.text', 'odt'],
    ['apk', 'application/vnd.android.package-archive', 'apk'],
  ])('%s is %s, whose usual one is %s', (extension, type, usual) => {
    expect(typeOfExtension(extension)).toBe(type)
    expect(extensionOfType(type)).toBe(usual)
  })

  it.each(['exe', 'com', 'bat', 'js', 'msi', 'ts', 'me', 'class', 'final', '2026'])(
    '%s is none, whatever a registry says',
    (word) => {
      expect(typeOfExtension(word)).toBeUndefined()
    },
  )

  it.each([
    ['audio/x-wav', 'wav'],
    ['text/x-vcard', 'vcf'],
    ['application/x-rar-compressed', 'rar'],
    ['application/x-msdownload', undefined],
    ['constructor', undefined],
  ])('of %s is %s', (type, extension) => {
    expect(extensionOfType(type)).toBe(extension)
  })

  it('does not mind case, and knows what it does not know', () => {
    expect(typeOfExtension('JPEG')).toBe('image/jpeg')
    expect(typeOfExtension('toString')).toBeUndefined()
    expect(typeOfExtension('')).toBeUndefined()
  })
})

describe('bareType', () => {
  it.each([
    ['audio/ogg; codecs=opus', 'audio/ogg'],
    ['IMAGE/JPEG', 'image/jpeg'],
    ['image/svg+xml', 'image/svg+xml'],
    ['image', undefined],
    ['text/plain\r\nX-Evil: 1', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (mimetype, bare) => {
    expect(bareType(mimetype)).toBe(bare)
  })
})
