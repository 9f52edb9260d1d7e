import { describe, expect, it } from 'vitest'
import { TransientError } from '../kernel/errors.ts'
import { createBreaker } from './breaker.ts'

const WAITS_MS = [1_000, 2_000, 5_000]
const down = new TransientError('down', { code: 'chatwoot.unreachable' })

function setUp() {
  let now = 1_000_000
  let isUp = false
  const seen = { probes: 0, closed: 0 }
  const breaker = createBreaker({
    clock: { now: () => now },
    waitsMs: WAITS_MS,
  })
  breaker.probeBy(async () => {
    seen.probes += 1
    breaker.observe(isUp ? 'ok' : 'failed')
    if (!isUp) throw down
  })
  breaker.onClose(() => {
    seen.closed += 1
  })
  const fail = (times: number) => {
    for (let n = 0; n < times; n += 1) breaker.observe('failed')
  }
  return {
    breaker,
    seen,
    fail,
    now: () => now,
    ahead: (ms: number) => {
      now += ms
    },
    repair: () => {
      isUp = true
    },
  }
}

describe('a breaker', () => {
  it('lets everything through until five requests in a row have failed', async () => {
    const { breaker, fail } = setUp()
    fail(4)
    breaker.observe('ok')
    fail(4)
    expect(await breaker.hold()).toBeUndefined()
    fail(1)
    expect(breaker.isOpen()).toBe(true)
  })

  it('probes less and less often, the last wait again and again, and nobody else gets through', async () => {
    const { breaker, seen, fail, now, ahead } = setUp()
    fail(5)
    expect(await breaker.hold()).toBe(now() + 1_000)
    expect(seen.probes).toBe(0)
    for (const wait of [2_000, 5_000, 5_000]) {
      ahead(((await breaker.hold()) ?? 0) - now())
      const [first, second] = await Promise.all([breaker.hold(), breaker.hold()])
      expect([first, second]).toEqual([now() + wait, now() + wait])
    }
    expect(seen.probes).toBe(3)
  })

  it('closes with the first success, tells it once, and starts over', async () => {
    const { breaker, seen, fail, ahead, repair, now } = setUp()
    fail(5)
    ahead(1_000)
    repair()
    expect(await breaker.hold()).toBeUndefined()
    breaker.observe('ok')
    expect(seen).toEqual({ probes: 1, closed: 1 })
    fail(5)
    expect(await breaker.hold()).toBe(now() + 1_000)
  })

  it('takes a late answer of an ordinary request as a sign, too', async () => {
    const { breaker, seen, fail } = setUp()
    fail(7)
    breaker.observe('ok')
    expect(await breaker.hold()).toBeUndefined()
    expect(seen).toEqual({ probes: 0, closed: 1 })
  })
})
