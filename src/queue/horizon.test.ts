import { describe, expect, it } from 'vitest'
import { PermanentError, RateLimitedError, TransientError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Entry, Lane } from './entry.ts'
import type { Lanes } from './lanes.ts'
import { type Begun, createAlone, type Handle, takeTurn } from './turn.ts'
import { WaitUntil } from './wait-until.ts'

const HOUR = 3_600_000
const START = 1_700_000_000_000
const lane: Lane = { direction: 'in', account: 'sales' as AccountId, key: 'pn:1' }
const down = () => new TransientError('down', { code: 'chatwoot.unreachable' })

/** A lane in memory whose clock jumps to whatever it waits for. */
function setUp(count: number, handle: Handle, isOthersTurn = false) {
  let now = START
  const waiting: Entry[] = Array.from({ length: count }, (_, n) => ({
    id: `${n}`,
    receivedAt: START + n,
    event: n,
    attempts: 0,
  }))
  const lanes: Pick<Lanes, 'save' | 'remove'> = {
    async save(_lane, entry) {
      waiting[0] = entry
    },
    async remove() {
      waiting.shift()
      return waiting.length > 0
    },
  }
  const given: { event: unknown; code: string; at: number }[] = []
  const attempts: number[] = []
  const options = {
    lanes: lanes as Lanes,
    marks: {
      async begin(): Promise<Begun | undefined> {
        const [entry] = waiting
        const died = { times: 0, isAlone: false, wasBeside: false }
        return entry === undefined ? undefined : { is: 'entry', entry: { ...entry }, died }
      },
      leave: async () => {},
      outlived: async () => {},
    },
    alone: createAlone(),
    lastDelivered: { isSince: () => isOthersTurn },
    setAside: async () => {},
    onNewer: () => {},
    onWorkerError: () => {},
    clock: { now: () => now },
    retryFor: () => 72 * HOUR,
    handle,
    async giveUp(entry: Entry, _lane: Lane, error: unknown) {
      given.push({ event: entry.event, code: (error as TransientError).code, at: now })
    },
    onAttemptFailed: () => attempts.push(now - START),
  }
  /** Until the lane is empty. */
  async function work() {
    for (;;) {
      try {
        if (!(await takeTurn(options, lane))) return
      } catch (error) {
        if (!(error instanceof WaitUntil)) throw error
        now = Math.max(now + 1, error.until)
      }
    }
  }
  return { work, given, attempts, now: () => now }
}

describe('72 hours, in milliseconds', () => {
  it('are how long an entry is retried, with growing waits, before it is given up with its reason', async () => {
    const { work, given, attempts } = setUp(1, async () => {
      throw down()
    })
    await work()
    expect(given).toEqual([{ event: 0, code: 'chatwoot.unreachable', at: START + 72 * HOUR }])
    const waits = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0))
    expect(waits[0]).toBeLessThanOrEqual(1_200)
    expect(Math.max(...waits)).toBeLessThanOrEqual(1.2 * HOUR)
    expect(attempts.length).toBeGreaterThan(60)
  })

  it('count from when an entry came: those behind the head do not get 72 hours each', async () => {
    const { work, given } = setUp(5, async () => {
      throw down()
    })
    await work()
    expect(given.map(({ event }) => event)).toEqual([0, 1, 2, 3, 4])
    expect(given.at(-1)?.at).toBeLessThan(START + 72 * HOUR + 60_000)
  })

  it('deliver everything in order when the other side is back before they are over', async () => {
    const delivered: unknown[] = []
    let isDown = true
    const world = setUp(50, async ({ event }) => {
      if (isDown && world.now() < START + 71 * HOUR) throw down()
      isDown = false
      delivered.push(event)
    })
    await world.work()
    expect(delivered).toEqual(Array.from({ length: 50 }, (_, n) => n))
    expect(world.given).toEqual([])
  })

  it('are not waited for what cannot help', async () => {
    const { work, given, now } = setUp(1, async () => {
      throw new PermanentError('no', { code: 'chatwoot.invalid' })
    })
    await work()
    expect(given).toMatchObject([{ code: 'chatwoot.invalid' }])
    expect(now()).toBe(START)
  })

  it('pass in the other side’s own steps when it names them', async () => {
    const { work, attempts } = setUp(1, async () => {
      throw new RateLimitedError('slow', { code: 'wasender.rate_limited', waitMs: HOUR })
    })
    await work()
    expect(attempts.length).toBeLessThanOrEqual(74)
    expect(attempts.length).toBeGreaterThanOrEqual(61)
  })
})

describe('a parked lane', () => {
  it('spends no attempts, keeps its head as it was and goes on in order', async () => {
    let asked = 0
    const delivered: unknown[] = []
    const world = setUp(3, async (entry) => {
      expect(entry).toMatchObject({ attempts: 0 })
      expect(entry.notBefore).toBeUndefined()
      asked += 1
      if (world.now() < START + 24 * HOUR) {
        throw new WaitUntil('away', { until: world.now() + 60_000, mayBeWoken: true })
      }
      delivered.push(entry.event)
    })
    await world.work()
    expect(delivered).toEqual([0, 1, 2])
    expect(asked).toBe(24 * 60 + 3)
    expect(world.attempts).toEqual([])
  })
})

describe('a message that alone is refused', () => {
  const MINUTE = 60_000
  const broken = () => new TransientError('broken', { code: 'chatwoot.server_error' })
  const unlessFirst: Handle = async ({ event }) => {
    if (event === 0) throw broken()
  }

  it('is given up after ten attempts and a few minutes while others get across', async () => {
    const { work, given, attempts } = setUp(2, unlessFirst, true)
    await work()
    expect(given).toMatchObject([{ event: 0, code: 'chatwoot.server_error' }])
    expect(attempts).toHaveLength(10)
    expect(attempts.at(-1)).toBeLessThan(5 * MINUTE)
  })

  it('is retried for as long as any other while nothing gets across', async () => {
    const { work, given, attempts } = setUp(2, unlessFirst, false)
    await work()
    expect(given).toMatchObject([{ event: 0, at: START + 72 * HOUR }])
    expect(attempts.length).toBeGreaterThan(60)
  })

  it.each([new TypeError('oops'), new TransientError('x', { code: 'wasender.unavailable' })])(
    'may be so for whatever is not known to be somebody else’s fault: %s',
    async (error) => {
      const { work, attempts } = setUp(1, async () => Promise.reject(error), true)
      await work()
      expect(attempts).toHaveLength(10)
    },
  )

  it('is not, whatever else gets across, when it is known whose fault it is', async () => {
    const limit = new RateLimitedError('x', { code: 'chatwoot.rate_limited', waitMs: 60 * MINUTE })
    const { work, given } = setUp(1, async () => Promise.reject(limit), true)
    await work()
    expect(given).toMatchObject([{ at: START + 72 * HOUR }])
  })
})
