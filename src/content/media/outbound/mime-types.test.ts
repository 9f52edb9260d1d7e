import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extensionOfType, knownType, typeOfExtension } from './mime-types.ts'

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

  it('does not mind case, and knows what it does not know', () => {
    expect(typeOfExtension('JPEG')).toBe('image/jpeg')
    expect(typeOfExtension('toString')).toBeUndefined()
    expect(typeOfExtension('')).toBeUndefined()
  })
})
