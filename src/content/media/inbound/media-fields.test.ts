import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encryptedUrl, mediaFieldsOf } from './media-fields.ts'

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const DIRECT = '/v/t62.0000-24/EXAMPLE_IMAGE.enc?ccb=11-4&oe=EXAMPLE'
const URL_ = 'https://mmg.whatsapp.net/v/t62.0000-24/EXAMPLE_IMAGE.enc?ccb=11-4&mms3=true'

describe('mediaFieldsOf', () => {
  it('reads what is there and lets the rest go', () => {
    expect(mediaFieldsOf({ url: URL_, mediaKey: KEY, fileSha256: 'short', directPath: 7 })).toEqual(
      {
        url: URL_,
        mediaKey: Buffer.from(KEY, 'base64'),
      },
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (raw) => {
        mediaFieldsOf(raw)
        mediaFieldsOf({ url: raw, mediaKey: raw, fileSha256: raw, directPath: raw })
      }),
    )
  })
})

describe('encryptedUrl', () => {
  it.each([
    [{ url: URL_, directPath: DIRECT }, URL_],
    [{ directPath: DIRECT }, `https://mmg.whatsapp.net${DIRECT}`],
    [{ url: 'https://web.whatsapp.net', directPath: DIRECT }, `https://mmg.whatsapp.net${DIRECT}`],
    [{ url: 'nowhere', directPath: DIRECT }, `https://mmg.whatsapp.net${DIRECT}`],
    [{ url: 'https://web.whatsapp.net' }, undefined],
    [{ directPath: '@evil.example/x' }, undefined],
    [{}, undefined],
  ])('finds the place in %j', (raw, url) => {
    expect(encryptedUrl(mediaFieldsOf(raw))).toBe(url)
  })
})
