import { expect, it, vi } from 'vitest'
import { createSweep } from './download.ts'

it('collects once for every four megabytes that passed', () => {
  const collect = vi.fn()
  const sweep = createSweep(collect)
  for (let chunk = 0; chunk < 399; chunk += 1) sweep(65_536)
  expect(collect).toHaveBeenCalledTimes(6)
})

it('frees buffers that nobody holds any more', () => {
  const sweep = createSweep()
  const before = process.memoryUsage().arrayBuffers
  let highest = 0
  for (let chunk = 0; chunk < 2000; chunk += 1) {
    const buffer = Buffer.allocUnsafeSlow(65_536)
    sweep(buffer.length)
    highest = Math.max(highest, process.memoryUsage().arrayBuffers - before)
  }
  // 131 MB passed; V8 by itself lets at least 64 MB of them pile up.
  expect(highest).toBeLessThan(40_000_000)
})
