import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../../test/support/any-character.ts'
import { extensionOf, nameInUrl, nameToSend } from './file-name.ts'

const STORAGE = 'https://chat.example.com/rails/active_storage/blobs/redirect/eyJf--fecae88e'
const named = (name: string) => nameInUrl(`${STORAGE}/${name}`)

describe('nameInUrl', () => {
  it.each([
    ['invoice.pdf', 'invoice.pdf'],
    ['68ebb6434341.mp3?disposition=inline', '68ebb6434341.mp3'],
    ['Rechnung%20M%C3%BCnchen.pdf', 'Rechnung München.pdf'],
    ['%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf', '請求書.pdf'],
    ['100%.pdf', '100%.pdf'],
    ['a%2Fb%5Cc.pdf', 'abc.pdf'],
    ['..%2F..%2Fetc%2Fpasswd', '....etcpasswd'],
    ['photo%E2%80%AEgpj.exe', 'photogpj.exe'],
    ['line%0Abreak.txt', 'linebreak.txt'],
    ['%2E%2E', undefined],
    ['', undefined],
  ])('%s is called %s', (segment, name) => {
    expect(named(segment)).toBe(name)
  })

  it('has none for what is no address', () => {
    expect(nameInUrl('not a url')).toBeUndefined()
  })

  it('gives names back as they were', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} ._()-]{0,30}[\p{L}\p{N}]$/u)
    fc.assert(
      fc.property(name, (given) => {
        expect(named(encodeURIComponent(given))).toBe(given)
      }),
    )
  })

  it('never gives a path, a control character or a changed reading direction', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (given) => {
        const name = named(encodeURIComponent(given.toWellFormed())) ?? ''
        expect(name).not.toMatch(/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        expect(['.', '..']).not.toContain(name)
      }),
    )
  })
})

describe('nameToSend', () => {
  it.each([
    ['invoice.pdf', 'application/pdf', 'invoice.pdf'],
    ['invoice', 'application/pdf', 'invoice.pdf'],
    [
      'Meeting of 3.11. with the whole team',
      'text/plain',
      'Meeting of 3.11. with the whole team.txt',
    ],
    ['data', 'application/octet-stream', 'data'],
    [undefined, 'image/png', 'file.png'],
    [undefined, 'application/octet-stream', 'file'],
    // The agent's name stays, also when it is wrong about the type.
    ['photo.jpg', 'image/png', 'photo.jpg'],
  ])('%s of type %s goes out as %s', (name, type, sent) => {
    expect(nameToSend(name, type)).toBe(sent)
  })

  it('shortens the stem, keeps the extension and cuts no character in two', () => {
    const sent = nameToSend(`${'👩‍👩‍👧'.repeat(40)}.pdf`, 'application/pdf')
    expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(240)
    expect(sent).toMatch(/^(👩‍👩‍👧)+\.pdf$/u)
  })

  it('is never too long and keeps a short extension', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (stem) => {
        const sent = nameToSend(`${stem}.pdf`, 'application/pdf')
        expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(240)
        expect(extensionOf(sent)).toBe('pdf')
      }),
    )
  })
})
