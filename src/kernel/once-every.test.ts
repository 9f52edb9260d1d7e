import { expect, it } from 'vitest'
import { createRarely } from './once-every.ts'

it('lets the first of each name through, and the next one after a while', () => {
  let now = 0
  const rarely = createRarely(100, () => now)
  expect([rarely('a'), rarely('a'), rarely('b')]).toEqual([true, false, true])
  now = 99
  expect(rarely('a')).toBe(false)
  now = 100
  expect([rarely('a'), rarely('a')]).toEqual([true, false])
})
