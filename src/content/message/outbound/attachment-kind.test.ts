import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SEND_LIMITS } from '../../media/limits.ts'
import { chooseKind, hasCaption } from './attachment-kind.ts'

const MB = SEND_LIMITS.document.bytes / 100
const OWN_LIMIT = 100 * MB

const kindOf = (type: string, size?: number, caption?: string, maxBytes = OWN_LIMIT) =>
  chooseKind(
    {
      type,
      ...(size === undefined ? {} : { size }),
      ...(caption === undefined ? {} : { caption }),
    },
    maxBytes,
  ).kind

describe('chooseKind', () => {
  it.each([
    ['image/jpeg', 5 * MB, 'image'],
    ['image/png', 1, 'image'],
    ['image/jpeg', 5 * MB + 1, 'document'],
    ['image/webp', 1, 'document'],
    ['image/heic', 1, 'document'],
    ['image/gif', 1, 'document'],
    ['image/bmp', 1, 'document'],
    ['image/svg+xml', 1, 'document'],
    ['video/mp4', 50 * MB, 'video'],
    ['video/3gpp', 1, 'video'],
    ['video/mp4', 50 * MB + 1, 'document'],
    ['video/webm', 1, 'document'],
    ['video/quicktime', 1, 'document'],
    ['audio/mpeg', 16 * MB, 'audio'],
    ['audio/aac', 1, 'audio'],
    ['audio/ogg', 1, 'audio'],
    ['audio/amr', 1, 'audio'],
    ['audio/mp4', 1, 'audio'],
    ['audio/mpeg', 16 * MB + 1, 'document'],
    ['audio/wav', 1, 'document'],
    ['text/vcard', 1, 'contact'],
    ['text/vcard', 2 * MB, 'document'],
    ['application/pdf', 100 * MB, 'document'],
    ['application/octet-stream', 1, 'document'],
    ['', 1, 'document'],
    ['application/pdf', 100 * MB + 1, 'too-large'],
    ['image/jpeg', 100 * MB + 1, 'too-large'],
  ])('%s of %d bytes is sent as %s', (type, size, kind) => {
    expect(kindOf(type, size)).toBe(kind)
  })

  it('takes a file of unknown size for what it says it is', () => {
    expect(chooseKind({ type: 'image/png' }, OWN_LIMIT)).toEqual({
      kind: 'image',
      maxBytes: 5 * MB,
    })
  })

  it.each([
    ['audio/mpeg', 'document'],
    ['text/vcard', 'document'],
    ['image/png', 'image'],
    ['video/mp4', 'video'],
  ])('keeps the caption of %s by sending it as %s', (type, kind) => {
    expect(kindOf(type, 1, 'a caption')).toBe(kind)
  })

  it('obeys the limit of the account, also where WhatsApp would take more', () => {
    expect(chooseKind({ type: 'image/png', size: 1001 }, 1000)).toEqual({
      kind: 'too-large',
      maxBytes: 1000,
    })
    expect(kindOf('application/pdf', 1000, undefined, 1000)).toBe('document')
  })

  it('never allows more bytes than the kind, the account and a document take', () => {
    const type = fc.oneof(
      fc.constantFrom('image/png', 'video/mp4', 'audio/mpeg', 'text/vcard', 'image/webp'),
      fc.string(),
    )
    const size = fc.option(fc.nat(200 * MB), { nil: undefined })
    const text = fc.option(fc.string(), { nil: undefined })
    fc.assert(
      fc.property(type, size, text, fc.integer({ min: 1, max: 200 * MB }), (...given) => {
        const [mime, bytes = 0, caption, maxBytes] = given
        const choice = chooseKind(
          { type: mime, size: bytes, ...(caption === undefined ? {} : { caption }) },
          maxBytes,
        )
        expect(choice.maxBytes).toBeLessThanOrEqual(Math.min(maxBytes, SEND_LIMITS.document.bytes))
        expect(choice.kind === 'too-large').toBe(bytes > choice.maxBytes)
        if (caption !== undefined) expect(['audio', 'contact']).not.toContain(choice.kind)
      }),
    )
  })
})

describe('hasCaption', () => {
  it.each([
    ['image/png', 1, true],
    ['video/mp4', 1, true],
    ['application/pdf', 1, true],
    ['audio/mpeg', 1, false],
    ['audio/wav', 1, true],
    ['text/vcard', 1, false],
    ['text/vcard', 2 * MB, true],
    ['application/pdf', 500 * MB, true],
  ])('%s of %d bytes: %s', (type, size, expected) => {
    expect(hasCaption({ type, size })).toBe(expected)
  })
})
