import { expect, it } from 'vitest'
import { sizeInWords } from './carry-file.ts'

it.each([
  [100_000_000, '100 MB'],
  [5_000_000, '5 MB'],
  [1_500_000, '1.5 MB'],
  [1_999_999, '1.9 MB'],
  [512_000, '512 KB'],
  [999, '999 bytes'],
  [0, '0 bytes'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words)
})
