import { describe, expect, it } from 'vitest'
import { createReorderWindow, LATE_WAIT_MS, LIVE_WAIT_MS, REPEATS_MS } from './route.ts'

const START = 1_800_000_000_000
const MINUTE = 60_000

function setUp() {
  let now = START
  const window = createReorderWindow({ clock: { now: () => now } })
  window.begin()
  return {
    window,
    wait: (ms: number) => {
      now += ms
    },
    /** How long what was written so many ms ago waits. */
    waitFor: (age: number) => window.waitFor(now - age),
  }
}

describe('the wait for what was written before', () => {
  it('is hardly there for what is live, and short for what is late', () => {
    const { wait, waitFor } = setUp()
    wait(10 * MINUTE)
    for (const age of [0, 1_000, 2_000]) expect(waitFor(age)).toBe(LIVE_WAIT_MS)
    for (const age of [2_001, 5_000, MINUTE]) expect(waitFor(age)).toBe(LATE_WAIT_MS)
  })

  it.each([-60 * MINUTE, -2 * MINUTE, 2 * MINUTE, 60 * MINUTE, -1e15])(
    'is never long because clocks differ: %i ms',
    (age) => {
      const { wait, waitFor } = setUp()
      wait(10 * MINUTE)
      expect(waitFor(age)).toBe(LATE_WAIT_MS)
    },
  )

  it('lasts after a start until the gateway has repeated what was written before', () => {
    const { wait, waitFor } = setUp()
    wait(500)
    expect(waitFor(600)).toBe(REPEATS_MS - 500)
    expect(waitFor(5_000)).toBe(REPEATS_MS - 500)
    expect(waitFor(400)).toBe(LIVE_WAIT_MS)
    wait(2_000)
    expect(waitFor(5_000)).toBe(LATE_WAIT_MS)
  })

  it('does not last where the bridge has never run before', () => {
    const window = createReorderWindow({ clock: { now: () => START } })
    window.begin({ isFirst: true })
    expect(window.waitFor(START - 600)).toBe(LIVE_WAIT_MS)
    expect(window.waitFor(START - 5_000)).toBe(LATE_WAIT_MS)
  })

  it('lasts as long for what comes before the start is over', () => {
    const window = createReorderWindow({ clock: { now: () => START } })
    expect(window.waitFor(START)).toBe(REPEATS_MS)
  })
})
