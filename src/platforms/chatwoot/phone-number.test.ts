import { expect, it } from 'vitest'
import { phoneNumberOf } from './shapes/contact.ts'

it.each([
  ['15550001111', '+15550001111'],
  ['12', '+12'],
  ['123456789012345', '+123456789012345'],
  ['1234567890123456', undefined],
  ['12345678901234567890', undefined],
  ['0', undefined],
  ['015550001111', undefined],
  ['1', undefined],
  ['', undefined],
  ['+15550001111', undefined],
  ['1555 000', undefined],
  ['１５５５０００', undefined],
  [undefined, undefined],
])('%s', (digits, written) => {
  expect(phoneNumberOf(digits)).toBe(written)
})
