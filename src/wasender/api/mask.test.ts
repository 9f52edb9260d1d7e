import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskText } from './mask.ts'

describe('maskText', () => {
  it.each([
    'Your Whatsapp Session is not connected please connect your session first.',
    "Only messages with status 'failed' can be resent.",
    'File size exceeds the limit of 16 MB for this file type.',
  ])('leaves the documented text %j as it is', (text) => {
    expect(maskText(text)).toBe(text)
  })

  it.each([
    ['The number +15550001111 is not on WhatsApp', '15550001111'],
    ['The number +1 (555) 000-1111 is not on WhatsApp', '000-1111'],
    ['No chat 15550001111@s.whatsapp.net', '15550001111'],
    ['No chat jane_doe@lid', 'jane_doe'],
    ['Key 0123456789abcdef0123456789abcdef refused', 'abcdef'],
    ['Could not send "please do not tell anyone about it" today', 'tell anyone'],
    ['Get https://files.example.com/private/contract.pdf failed', 'contract'],
  ])('hides what is private in %j', (text, secret) => {
    expect(maskText(text)).not.toContain(secret)
    expect(maskText(text)).not.toBe('')
  })

  it('is short', () => {
    expect(maskText('word '.repeat(1000)).length).toBeLessThanOrEqual(160)
  })

  it('never lets a phone number through, however it is grouped', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', ' (', ') ')
    const phone = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 9 }), separator), { minLength: 5, maxLength: 15 })
      .map((digits) => digits.map(([digit, gap]) => `${digit}${gap}`).join(''))
    fc.assert(
      fc.property(fc.string(), phone, fc.string(), (before, number, after) => {
        const masked = maskText(`${before} ${number} ${after}`)
        expect(masked).not.toMatch(/\d{5}/)
        expect(masked).not.toContain(number.trim())
      }),
    )
  })
})
