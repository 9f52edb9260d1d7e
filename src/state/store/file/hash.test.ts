import { expect, it } from 'vitest'
import { createHash } from './entries.ts'

it('gives the same number for the same text and seed, within 32 bits', () => {
  const hash = createHash(1)
  for (const text of ['', 'a', 'sales:3EB0', '💬']) {
    expect(hash(text)).toBe(createHash(1)(text))
    expect(hash(text)).toBeGreaterThanOrEqual(0)
    expect(hash(text)).toBeLessThan(2 ** 32)
  }
})

it('depends on the seed', () => {
  expect(createHash(1)('sales:3EB0')).not.toBe(createHash(2)('sales:3EB0'))
})

it('spreads ids that differ in their last figures evenly over the shards', () => {
  const hash = createHash(1)
  const shards = new Array<number>(256).fill(0)
  for (let n = 0; n < 25_600; n += 1) shards[hash(`out:sales:${n}:0`) >>> 24]! += 1
  expect(Math.min(...shards)).toBeGreaterThan(50)
  expect(Math.max(...shards)).toBeLessThan(160)
})
