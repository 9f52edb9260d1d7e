import { expect, it, vi } from 'vitest'
import { createTally } from './observe.ts'

it('tells of the first of each name at once, and of the others together', () => {
  vi.useFakeTimers()
  const told: [string, number][] = []
  const tally = createTally(60_000, (name, count) => told.push([name, count]))
  for (let n = 0; n < 1000; n += 1) tally.count('a')
  tally.count('b')
  expect(told).toEqual([
    ['a', 1],
    ['b', 1],
  ])
  vi.advanceTimersByTime(60_000)
  expect(told.slice(2)).toEqual([['a', 999]])
  tally.count('a')
  expect(told).toHaveLength(3)
  vi.advanceTimersByTime(60_000)
  expect(told.slice(3)).toEqual([['a', 1]])
  vi.advanceTimersByTime(600_000)
  expect(told).toHaveLength(4)
  tally.count('a')
  expect(told.slice(4)).toEqual([['a', 1]])
  tally.close()
  vi.useRealTimers()
})
