import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteField } from './media-fields.ts'

const forms: [string, (bytes: Uint8Array) => unknown][] = [
  ['base64', (bytes) => Buffer.from(bytes).toString('base64')],
  ['URL-safe base64', (bytes) => Buffer.from(bytes).toString('base64url')],
  ['a Buffer as JSON', (bytes) => JSON.parse(JSON.stringify(Buffer.from(bytes)))],
  [
    'a Buffer with base64 inside',
    (bytes) => ({ type: 'Buffer', data: Buffer.from(bytes).toString('base64') }),
  ],
  ['a list', (bytes) => [...bytes]],
  ['an object of indexes', (bytes) => JSON.parse(JSON.stringify(new Uint8Array(bytes)))],
]

describe('byteField', () => {
  it.each(forms)('reads %s', (_name, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
        expect(Buffer.from(bytes).equals(byteField.parse(write(bytes)))).toBe(true)
      }),
    )
  })

  it.each([
    'not base64!',
    '',
    7,
    null,
    true,
    [256],
    [-1],
    [1.5],
    { type: 'Buffer' },
    { type: 'Buffer', data: {} },
    { 0: 1, 2: 3 },
    { a: 1 },
    'A'.repeat(10_000),
  ])('does not read %j', (value) => {
    expect(byteField.safeParse(value).success).toBe(false)
  })
})
