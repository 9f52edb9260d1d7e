import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '../../test/support/any-character.ts'
import { renderLiquid } from './liquid.ts'

const variables = { 'contact.name': 'Maria Souza' }

test.each([
  ['Hello {{contact.name}}', 'Hello Maria Souza'],
  ['Hello {{ contact.name | upcase }}!', 'Hello Maria Souza!'],
  ['unknown {{x}} vanishes', 'unknown  vanishes'],
  ['in code `{{x}}` it stays', 'in code `{{x}}` it stays'],
  ['`{{x}}` and {{x}}', '`{{x}}` and '],
  ['open {{contact.name', 'open {{contact.name'],
  ['{% if x %}a{% endif %}', '{% if x %}a{% endif %}'],
  ['{single} and }} alone', '{single} and }} alone'],
])('%s', (text, expected) => {
  expect(renderLiquid(text, variables)).toBe(expected)
})

test('text without double braces or tags is never touched', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      fc.pre(!text.includes('{{') && !text.includes('{%'))
      expect(renderLiquid(text, variables)).toBe(text)
    }),
  )
})
