import { describe, expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import type { Observer } from '../../bridge/observer.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { trafficChart } from './pages/parts/chart.ts'
import { BAR_MS, BARS, createTraffic, withTraffic } from './traffic.ts'

const sales = 'sales' as AccountId
const START = 1_000 * BAR_MS

function setUp() {
  let now = START
  const traffic = createTraffic({ clock: { now: () => now } })
  const ahead = (ms: number) => {
    now += ms
  }
  return { traffic, ahead }
}

const none = { in: 0, out: 0, failed: 0 }

describe('the traffic of an account', () => {
  it('is counted by five minutes, the current ones last', () => {
    const { traffic, ahead } = setUp()
    traffic.count(sales, 'in')
    ahead(BAR_MS - 1)
    traffic.count(sales, 'out')
    ahead(1)
    traffic.count(sales, 'failed')
    const { bars, lastIn, lastOut } = traffic.of(sales)
    expect(bars).toHaveLength(BARS)
    expect(bars.slice(-2)).toEqual([
      { in: 1, out: 1, failed: 0 },
      { in: 0, out: 0, failed: 1 },
    ])
    expect([lastIn, lastOut]).toEqual([START, START + BAR_MS - 1])
  })

  it('leaves the chart after six hours, and the memory with the next message', () => {
    const { traffic, ahead } = setUp()
    traffic.count(sales, 'in')
    ahead((BARS - 1) * BAR_MS)
    expect(traffic.of(sales).bars[0]).toEqual({ ...none, in: 1 })
    ahead(BAR_MS)
    expect(traffic.of(sales).bars).toEqual(Array(BARS).fill(none))
  })

  it('cannot be changed by whoever looks at it', () => {
    const { traffic } = setUp()
    traffic.count(sales, 'in')
    traffic.of(sales).bars.at(-1)!.in = 99
    expect(traffic.of(sales).bars.at(-1)).toEqual({ ...none, in: 1 })
  })
})

describe('an observer with traffic', () => {
  it('counts what arrived and what failed once, and tells the observer everything', () => {
    const { traffic } = setUp()
    const told = vi.fn()
    const silent = { onMessage: told, onAttemptFailed: told, onSessionStatus: told }
    const observer = withTraffic(silent as unknown as Observer, traffic)
    const account = { id: sales } as Account
    for (const [direction, result] of [
      ['in', 'delivered'],
      ['in', 'duplicate'],
      ['in', 'echo'],
      ['out', 'accepted'],
      ['out', 'failed'],
      ['out', 'unknown'],
      ['out', 'ignored'],
    ] as const) {
      observer.onMessage({ account, direction, kind: 'text', result })
    }
    const entry = { id: '1.1', receivedAt: START, event: {}, attempts: 0 }
    const attempt = { entry, error: new Error('odd') }
    const inLane = { direction: 'in', account: sales, key: 'pn:1' } as const
    observer.onAttemptFailed({ ...attempt, lane: inLane, retryAt: START })
    observer.onAttemptFailed({ ...attempt, lane: inLane })
    observer.onAttemptFailed({ ...attempt, lane: { ...inLane, direction: 'out' } })
    observer.onSessionStatus(account, 'connected')
    expect(traffic.of(sales).bars.at(-1)).toEqual({ in: 1, out: 1, failed: 3 })
    expect(traffic.sessionChangedAt(sales)).toBe(START)
    expect(told).toHaveBeenCalledTimes(11)
  })
})

describe('a chart', () => {
  const draw = async (bars: { in: number; out: number; failed: number }[]) =>
    String(await trafficChart(bars, 'sales'))

  it('says in words what it shows', async () => {
    const bars = Array.from({ length: 12 }, () => ({ in: 2, out: 1, failed: 0 }))
    expect(await draw(bars)).toContain('aria-label="sales, last 1 hours: 24 in, 12 out, 0 failed"')
  })

  it('keeps every bar inside the picture, however many there were', async () => {
    const chart = await draw([
      none,
      { in: 900, out: 700, failed: 200 },
      { in: 1, out: 0, failed: 0 },
    ])
    const height = Number(/viewBox="0 0 \d+ (\d+)"/.exec(chart)?.[1])
    const bars = [...chart.matchAll(/<rect[^>]* y="([\d.]+)" width="\d+" height="([\d.]+)"/g)]
    expect(bars).toHaveLength(4)
    for (const [, y, tall] of bars) {
      expect(Number(y)).toBeGreaterThanOrEqual(0)
      expect(Number(tall)).toBeGreaterThan(1)
      expect(Number(y) + Number(tall)).toBeLessThanOrEqual(height)
    }
  })
})
