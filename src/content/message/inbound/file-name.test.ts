import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../../test/support/any-character.ts'
import { fileNameOf } from './file-name.ts'

const named = (name: string | undefined, mimetype = 'application/pdf') =>
  fileNameOf({ kind: 'document', mimetype, names: [name] })

describe('fileNameOf', () => {
  it.each([
    ['invoice.pdf', 'application/pdf', 'invoice.pdf'],
    ['invoice', 'application/pdf', 'invoice.pdf'],
    ['report.final', 'application/pdf', 'report.final.pdf'],
    ['prices.csv', 'text/plain', 'prices.csv'],
    ['notes.xyz', 'application/octet-stream', 'notes.xyz'],
    ['notes', 'application/octet-stream', 'notes'],
    ['Photo.JPEG', 'image/jpeg', 'Photo.JPEG'],
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['C:\\Users\\maria\\cv.docx', 'application/msword', 'cv.docx'],
    ['.pdf', 'application/pdf', 'pdf.pdf'],
    ['a\r\nb"c".pdf', 'application/pdf', 'a b c.pdf'],
    ['\u202efdp.exe', 'application/pdf', 'fdp.exe.pdf'],
    ['   ', 'application/pdf', 'document.pdf'],
    ['Rechnung 03/2026.pdf', 'application/pdf', 'Rechnung 03-2026.pdf'],
    ['Prüfung – 契約 "x"/y.pdf', 'application/pdf', 'Prüfung – 契約 x -y.pdf'],
    ['Angebot 1\\2 \u202egpj.pdf', 'application/pdf', 'Angebot 1-2 gpj.pdf'],
    ['Angebot: Küche <v2>.pdf', 'application/pdf', 'Angebot Küche v2.pdf'],
    ['v2 . .pdf', 'application/pdf', 'v2.pdf'],
    ['a/b', 'application/pdf', 'a-b.pdf'],
    ['03/2026', 'application/pdf', '03-2026.pdf'],
    ['A. B..vcf', 'text/vcard', 'A. B.vcf'],
    ['A. B..pdf', 'application/pdf', 'A. B.pdf'],
    ['report..pdf.pdf', 'application/pdf', 'report..pdf.pdf'],
    ['/sdcard/Download/cv.pdf', 'application/pdf', 'cv.pdf'],
    ['~/notes.txt', 'text/plain', 'notes.txt'],
    ['...', 'application/pdf', 'document.pdf'],
    [undefined, 'application/unheard-of', 'document'],
  ])('makes of %j as %s: %s', (name, mimetype, expected) => {
    expect(named(name, mimetype)).toBe(expected)
  })

  it('takes the first name that is one', () => {
    const names = ['', undefined, 'title']
    expect(fileNameOf({ kind: 'document', mimetype: 'text/plain', names })).toBe('title.txt')
  })

  it('is a safe path segment with the right ending, whatever it is made from', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 400 }), fc.double(), (name, at) => {
        const made = fileNameOf({
          kind: 'document',
          mimetype: 'application/pdf',
          names: [name],
          at,
        })
        expect(made).toMatch(/^[^/\\\p{Cc}"<>|?*:]+\.[^.]+$/u)
        expect(made.length).toBeLessThanOrEqual(170)
      }),
    )
  })
})
