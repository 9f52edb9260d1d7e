import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { protectLiquid } from './protect-liquid.ts'

/** What Chatwoot does before it runs Liquid: code between backticks becomes raw text. */
function outsideRaw(text: string): string {
  return text.replace(/`.*?`/gs, (code) => (code.includes('endraw') ? code : '(raw)'))
}

describe('protectLiquid', () => {
  it.each([
    ['Hello {{contact.name}}', 'Hello {\u2060{contact.name}}'],
    ['{% if x %}y{% endif %}', '{\u2060% if x %}y{\u2060% endif %}'],
    ['{{{x}}}', '{\u2060{\u2060{x}}}'],
    ['`{{x}}` {{y}}', '`{{x}}` {\u2060{y}}'],
    ['```\n{{x}}\n```', '```\n{{x}}\n```'],
    ['`{% endraw %}{{x}}`', '`{\u2060% endraw %}{\u2060{x}}`'],
    ['{a} { {b} } 100%}', '{a} { {b} } 100%}'],
  ])('%j', (text, expected) => {
    expect(protectLiquid(text)).toBe(expected)
  })

  const liquid = fc
    .array(fc.constantFrom('{', '{{', '}}', '{%', '%}', '`', 'raw', 'endraw', 'x', '\n', ' '))
    .map((parts) => parts.join(''))

  it('leaves nothing Liquid would run', () => {
    fc.assert(
      fc.property(liquid, (text) => {
        expect(outsideRaw(protectLiquid(text))).not.toMatch(/\{[{%]/)
      }),
    )
  })

  it('changes nothing visible, and nothing at all the second time', () => {
    fc.assert(
      fc.property(liquid, (text) => {
        const once = protectLiquid(text)
        expect(once.replaceAll('\u2060', '')).toBe(text)
        expect(protectLiquid(once)).toBe(once)
      }),
    )
  })
})
