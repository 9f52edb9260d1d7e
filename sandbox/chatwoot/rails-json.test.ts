import fc from 'fast-check'
import { expect, test } from 'vitest'
import { railsJson } from './rails-json.ts'

test('five characters are escaped, everything else is compact UTF-8', () => {
  expect(railsJson({ a: '<b> & c é\u2028\u2029' })).toBe(
    String.raw`{"a":"\u003cb\u003e \u0026 c é\u2028\u2029"}`,
  )
})

test('it stays the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(railsJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      expect(railsJson(value)).not.toMatch(/[<>&\u2028\u2029]/)
    }),
  )
})
