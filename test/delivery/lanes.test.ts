import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { turnParts } from '../../src/bridge/testing/turn-parts.ts'
import { PermanentError, TransientError } from '../../src/kernel/errors.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { Entry, Lane } from '../../src/queue/entry.ts'
import { createLaneWorker, type LaneWorker } from '../../src/queue/lane-worker.ts'
import { createLanes, type Lanes } from '../../src/queue/lanes.ts'
import type { Begun, Handle, TurnOptions } from '../../src/queue/turn.ts'
import { WaitUntil } from '../../src/queue/wait-until.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const ACCOUNT = 'sales' as AccountId
const lane = (key: string): Lane => ({ direction: 'in', account: ACCOUNT, key })

let server: TestRedis
let redis: Redis
let lanes: Lanes
const workerErrors: unknown[] = []
const open: { worker: LaneWorker; connections: Redis[] }[] = []

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url, { maxRetriesPerRequest: null })
  lanes = createLanes({ redis, prefix: 'wc:' })
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})
beforeEach(() => redis.flushall())
afterEach(async () => {
  for (const { worker, connections } of open.splice(0)) {
    await worker.close()
    for (const connection of connections) connection.disconnect()
  }
})

async function add(key: string, ...events: { n: number; order?: number }[]): Promise<void> {
  await lanes.append(
    events.map((event) => ({
      lane: lane(key),
      order: event.order ?? 0,
      receivedAt: Date.now(),
      event,
    })),
  )
}

type OnBegun = (begun: Begun | undefined) => Promise<void>

/** A worker, running unless `isIdle`; `finished` resolves when `count` entries were handled for good. */
async function run(
  handle: Handle,
  count: number,
  { onBegun = async () => {}, isIdle = false }: { onBegun?: OnBegun; isIdle?: boolean } = {},
) {
  const handled: Entry[] = []
  const gaveUp: unknown[] = []
  let finish = (): void => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const done = (entry: Entry) => {
    handled.push(entry)
    if (handled.length === count) finish()
  }
  const connections = [redis.duplicate(), redis.duplicate()]
  const clock = { now: () => Date.now() }
  const onWorkerError = (error: unknown) => void workerErrors.push(error)
  const parts = turnParts({ redis, prefix: 'wc:' })
  const worker = createLaneWorker({
    direction: 'in',
    lanes,
    clock,
    redis: connections[0] as Redis,
    blockingRedis: connections[1] as Redis,
    prefix: 'wc:',
    perAccount: 20,
    accounts: 1,
    exclusive: true,
    onWorkerError,
  })
  const turns: TurnOptions = {
    ...parts,
    marks: {
      ...parts.marks,
      async begin(of, isAlone) {
        const begun = await parts.marks.begin(of, isAlone)
        await onBegun(begun)
        return begun
      },
    },
    lanes,
    clock,
    retryFor: () => 60_000,
    async handle(entry, of) {
      await handle(entry, of)
      done(entry)
    },
    async giveUp(entry, _lane, error) {
      gaveUp.push(error)
      done(entry)
    },
    onAttemptFailed: () => {},
    onWorkerError,
  }
  open.push({ worker, connections })
  if (!isIdle) await worker.start(turns)
  return { worker, handled, gaveUp, finished }
}

const numbers = (entries: Entry[]) => entries.map((entry) => (entry.event as { n: number }).n)

describe('a lane', () => {
  it('keeps order by `order`, then by arrival, and counts what waits', async () => {
    await add('a', { n: 3, order: 5 }, { n: 4, order: 5 }, { n: 1, order: 1 })
    expect(await lanes.size(lane('a'))).toBe(3)
    const [waiting] = await lanes.waiting([ACCOUNT])
    expect(waiting).toMatchObject({ account: ACCOUNT, direction: 'in', count: 3 })
    expect(waiting?.oldest).toBeGreaterThan(Date.now() - 5_000)
    const seen: number[] = []
    for (let head = await lanes.head(lane('a')); head; head = await lanes.head(lane('a'))) {
      seen.push((head.event as { n: number }).n)
      await lanes.remove(lane('a'), head.id)
    }
    expect(seen).toEqual([1, 3, 4])
    expect((await lanes.page('in', ACCOUNT, '0')).lanes).toEqual([])
    expect((await lanes.waiting([ACCOUNT]))[0]).toMatchObject({ count: 0, oldest: 0 })
  })

  it('lets ties go by arrival when several processes append', async () => {
    const shared = createLanes({ redis, prefix: 'wc:', tiesBy: 'arrival' })
    const entry = (n: number, receivedAt: number) => ({
      lane: lane('a'),
      order: 0,
      receivedAt,
      event: { n },
    })
    await shared.append([entry(2, 1_002), entry(3, 1_003)])
    await shared.append([entry(1, 1_001), entry(4, 1_003)])
    expect(numbers(await shared.entries(lane('a')))).toEqual([1, 2, 3, 4])
    expect((await shared.waiting([ACCOUNT]))[0]?.oldest).toBe(1_001)
  })

  it('has waited for as long as its oldest entry, also when another one is put before it', async () => {
    const entry = (order: number, receivedAt: number) => ({
      lane: lane('a'),
      order,
      receivedAt,
      event: { n: order },
    })
    const oldest = async () => (await lanes.waiting([ACCOUNT]))[0]?.oldest
    await lanes.append([entry(2, 1_000), entry(3, 2_000)])
    await lanes.append([entry(1, 9_000)])
    expect(await oldest()).toBe(1_000)
    for (const left of [1_000, 2_000]) {
      const head = (await lanes.head(lane('a'))) as Entry
      await lanes.remove(lane('a'), head.id)
      expect(await oldest()).toBe(left)
    }
  })

  it('does not bring a removed entry back when it is saved late', async () => {
    await add('a', { n: 1 })
    const head = (await lanes.head(lane('a'))) as Entry
    await lanes.remove(lane('a'), head.id)
    await lanes.save(lane('a'), head)
    expect(await lanes.head(lane('a'))).toBeUndefined()
  })

  it('keeps lanes with colons in their key apart', async () => {
    await add('pn:1', { n: 1 })
    await add('pn:1:2', { n: 2 })
    expect((await lanes.page('in', ACCOUNT, '0')).lanes.map((l) => l.key).sort()).toEqual([
      'pn:1',
      'pn:1:2',
    ])
  })
})

const waitAnHour = () => new WaitUntil('a test', { until: Date.now() + 3_600_000 })

describe('the lane worker', () => {
  it('handles one entry of a lane at a time, many lanes at once', async () => {
    const active = new Map<string, number>()
    let most = 0
    let together = 0
    const { worker, handled, finished } = await run(async (_entry, { key }) => {
      active.set(key, (active.get(key) ?? 0) + 1)
      most = Math.max(most, active.get(key) as number)
      together = Math.max(together, [...active.values()].filter((n) => n > 0).length)
      await new Promise((resolve) => setImmediate(resolve))
      active.set(key, (active.get(key) as number) - 1)
    }, 200)
    for (let n = 0; n < 20; n += 1) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, key) => {
          await add(`k${key}`, { n })
          await worker.schedule(lane(`k${key}`))
        }),
      )
    }
    await finished
    expect(most).toBe(1)
    expect(together).toBeGreaterThan(1)
    expect(handled).toHaveLength(200)
  })

  it('keeps the order of a lane while its head is retried; other lanes go on', async () => {
    let failures = 0
    const { worker, handled, finished } = await run(async (entry, { key }) => {
      if (key === 'bad' && (entry.event as { n: number }).n === 1 && failures < 1) {
        failures += 1
        throw new TransientError('down', { code: 'test.down' })
      }
    }, 5)
    await add('bad', { n: 1 }, { n: 2 }, { n: 3 })
    await worker.schedule(lane('bad'))
    await add('good', { n: 10 }, { n: 11 })
    await worker.schedule(lane('good'))
    await finished
    expect(numbers(handled)).toEqual([10, 11, 1, 2, 3])
  })

  it('goes on behind an entry that failed for good', async () => {
    const { worker, handled, gaveUp, finished } = await run(async (entry) => {
      if ((entry.event as { n: number }).n === 1)
        throw new PermanentError('no', { code: 'test.no' })
    }, 2)
    await add('a', { n: 1 }, { n: 2 })
    await worker.schedule(lane('a'))
    await finished
    expect(numbers(handled)).toEqual([1, 2])
    expect(gaveUp).toHaveLength(1)
  })

  it('looks again when an entry is appended while the lane is being finished', async () => {
    const { worker, handled, finished } = await run(async () => {}, 300)
    for (let n = 0; n < 300; n += 1) {
      await add('a', { n })
      void worker.schedule(lane('a'))
    }
    await finished
    expect(numbers(handled)).toEqual(Array.from({ length: 300 }, (_, n) => n))
  })

  it('takes up at start what a killed process left, by a sweep', async () => {
    await add('a', { n: 1 })
    await add('b', { n: 2 })
    const { worker, handled, finished } = await run(async () => {}, 2)
    worker.sweep([ACCOUNT])
    await finished
    expect(numbers(handled).sort()).toEqual([1, 2])
  })

  it('frees a lane whose job was in the hands of a process that died', async () => {
    let started = (): void => {}
    const inHand = new Promise<void>((resolve) => {
      started = resolve
    })
    const first = await run(() => {
      started()
      return new Promise(() => {})
    }, 1)
    await add('a', { n: 1 })
    await first.worker.schedule(lane('a'))
    await inHand
    for (const { connections } of open.splice(0)) for (const c of connections) c.disconnect()
    const second = await run(async () => {}, 1)
    second.worker.sweep([ACCOUNT])
    await second.finished
    expect(numbers(second.handled)).toEqual([1])
  })

  it('tries a waiting lane at once when asked to', async () => {
    let up = false
    const { worker, finished, handled } = await run(async () => {
      if (!up) throw waitAnHour()
    }, 1)
    await add('a', { n: 1 })
    await worker.schedule(lane('a'))
    await expect.poll(async () => (await lanes.head(lane('a')))?.notBefore).toBeDefined()
    up = true
    const { notBefore: _notBefore, ...head } = (await lanes.head(lane('a'))) as Entry
    await lanes.save(lane('a'), head)
    await worker.schedule(lane('a'), { now: true })
    await finished
    expect(handled).toHaveLength(1)
  })

  it.each(['this process', 'another one'])(
    'looks at once, by a wish of %s that comes while the lane is just being put off',
    async (whose) => {
      let wished = false
      const onBegun: OnBegun = async (begun) => {
        if (begun?.is !== 'entry' || begun.entry.notBefore === undefined || wished) return
        wished = true
        await add('a', { n: 0, order: -1 })
        await (whose === 'this process' ? first : second).schedule(lane('a'), { now: true })
      }
      const { worker: second } = await run(async () => {}, 1, { isIdle: true })
      const { worker: first, ...work } = await run(
        async ({ event }) => {
          if ((event as { n: number }).n !== 0) throw waitAnHour()
        },
        1,
        { onBegun },
      )
      await add('a', { n: 1 })
      await first.schedule(lane('a'))
      await work.finished
      expect(numbers(work.handled)).toEqual([0])
    },
  )
})
