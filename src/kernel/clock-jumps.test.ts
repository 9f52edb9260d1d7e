import { expect, it, vi } from 'vitest'
import { hasCome, watchClock } from './clock.ts'

it('tells of each jump of the clock once, whichever way it went', () => {
  let [wall, steady] = [1_000_000, 0]
  const onJump = vi.fn()
  const { look } = watchClock({ now: () => wall }, onJump, { steady: { now: () => steady } })
  const pass = (ms: number, jump = 0) => {
    steady += ms
    wall += ms + jump
    look()
  }
  for (let n = 0; n < 100; n += 1) pass(5_000, n % 2 === 0 ? 400 : -400)
  expect(onJump).not.toHaveBeenCalled()
  pass(5_000, 2 * 86_400_000)
  pass(5_000)
  pass(5_000, -2 * 86_400_000)
  pass(5_000)
  pass(5_000, -61_000)
  expect(onJump.mock.calls.flat()).toEqual([2 * 86_400_000, -2 * 86_400_000, -61_000])
})

it('notices a clock that is put wrong little by little', () => {
  let [wall, steady] = [0, 0]
  const onJump = vi.fn()
  const { look } = watchClock({ now: () => wall }, onJump, { steady: { now: () => steady } })
  for (let n = 0; n < 10; n += 1) {
    steady += 5_000
    wall += 15_000
    look()
  }
  expect(onJump).toHaveBeenCalledTimes(1)
})

it.each([
  [1_000, 1_000, 10, true],
  [1_000, 999, 10, false],
  [1_000, 990, 10, false],
  [1_000, 989, 10, true],
  [1_000, 5_000, 10, true],
])('the moment %d, asked at %d with %d ms to wait at most, has come: %s', (at, now, most, has) => {
  expect(hasCome(at, now, most)).toBe(has)
})
