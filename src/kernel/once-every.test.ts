import { expect, it } from 'vitest'
import { createOnceEvery } from './async.ts'

it('lets the first of each name through, and the next one after a while', () => {
  let now = 0
  const onceEvery = createOnceEvery(100, () => now)
  expect([onceEvery('a'), onceEvery('a'), onceEvery('b')]).toEqual([true, false, true])
  now = 99
  expect(onceEvery('a')).toBe(false)
  now = 100
  expect([onceEvery('a'), onceEvery('a')]).toEqual([true, false])
})
