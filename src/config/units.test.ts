import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DURATION_PATTERN,
  formatDuration,
  formatSize,
  parseDuration,
  parseSize,
  SIZE_PATTERN,
} from './units.ts'

describe('durations', () => {
  it.each([
    ['72h', 259_200_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['1.5s', 1500],
    ['250 ms', 250],
    ['2d', 172_800_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
    expect(DURATION_PATTERN.test(text)).toBe(true)
  })

  it.each(['', '5', '5x', 'h', '-5m', '5 m m', '5M', 'constructor', '1e3s'])(
    '%s is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
      expect(DURATION_PATTERN.test(text)).toBe(false)
    },
  )

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    )
    expect(formatDuration(259_200_000)).toBe('3d')
    expect(formatDuration(300_000)).toBe('5m')
  })
})

describe('sizes', () => {
  it.each([
    ['100MB', 100_000_000],
    ['16MiB', 16_777_216],
    ['512 KB', 512_000],
    ['1B', 1],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
    expect(SIZE_PATTERN.test(text)).toBe(true)
  })

  it.each(['100', '100mb', 'MB', '-1MB', '1 XB'])('%s is none', (text) => {
    expect(parseSize(text)).toBeUndefined()
    expect(SIZE_PATTERN.test(text)).toBe(false)
  })

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(), (bytes) => {
        expect(parseSize(formatSize(bytes))).toBe(bytes)
      }),
    )
    expect(formatSize(100_000_000)).toBe('100MB')
    expect(formatSize(16_777_216)).toBe('16MiB')
  })
})
