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

  it('shows nothing of a message that the gateway repeats', () => {
    const sent = { to: '+12025550101', text: 'Dear Lou, your door code is 7312. Yours, Kim' }
    for (const said of [
      'The text "Dear Lou" is not allowed.',
      "Cannot send 'Lou' to WhatsApp.",
      'Rejected: dear lou, your door code is 7312. yours, kim',
      'Rejected: Dear Lou, your door…',
      'Code 7312 is forbidden in text.',
    ]) {
      expect(maskText(said, sent)).not.toMatch(/lou\b|door|7312|kim/i)
    }
    expect(maskText('Secret42 is forbidden.', { text: 'secret42' })).toBe('… is forbidden.')
    const plain = "The text field isn't valid: 'imageUrl' must be a public URL."
    expect(maskText(plain, { text: 'to the field' })).toBe(plain)
    expect(maskText(plain, sent)).toBe(plain)
  })

  it('repeats no run of three words of what was sent', () => {
    const word = fc.constantFrom('rose', 'garden', 'seven', 'letters', 'blue', 'house', '4711')
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 3, maxLength: 30 }),
        fc.nat(30),
        fc.string(),
        (words, from, around) => {
          const quoted = words.slice(from).slice(0, 12)
          fc.pre(quoted.length >= 3)
          const said = maskText(`${around} ${quoted.join(', ')} ${around}`, {
            text: words.join(' '),
          })
          expect(said).not.toContain(quoted.slice(0, 3).join(', '))
        },
      ),
    )
  })

  it('leaves no mark that a reader’s program would act on', () => {
    const trick = fc.constantFrom(
      ...[
        '**',
        '__',
        '[x](http://e.vil)',
        '<img src=x onerror=y>',
        '{{ contact.name }}',
        '`',
        '~~',
      ],
      ...[
        '\u202e',
        '\u200b',
        '\u0000',
        '\n# ',
        '\n> ',
        '| a |',
        'www.e.vil',
        'e-vil.example/x',
        '\ud800',
      ],
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(trick, fc.string()), { maxLength: 20 }), (parts) => {
        const said = maskText(parts.join(' '))
        expect(said).not.toMatch(/[<>[\]{}*~`|\\\p{C}\n]|:\/\/|\bwww\.|e-?vil\./u)
        expect(Array.from(said).length).toBeLessThanOrEqual(160)
      }),
    )
  })

  it('takes no longer for what is made to take long', () => {
    const hostile = ['"'.repeat(1e6), '1 '.repeat(1e6), 'a.'.repeat(1e6), "a'".repeat(1e6)]
    for (const text of hostile) expect(maskText(text, { text }).length).toBeLessThanOrEqual(160)
  })
})
