import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccountId, ConversationId } from '../../kernel/ids.ts'
import type { NewEntry } from '../../queue/entry.ts'
import { openSpool, type Spool } from '../../queue/spool/spool.ts'
import { createIntake, type Intake } from './intake.ts'
import type { Arrival } from './route.ts'

let dir: string
let spool: Spool<Arrival>
let intake: Intake
/** What happens to a write to Redis; `undefined` while it is there. */
let fault: ((entries: NewEntry[]) => Promise<unknown>) | undefined
/** What placing one arrival takes. */
let placing: () => Promise<unknown>
let posted: number[]
/** What Redis does not take although it takes others. */
let givenUp: number[]
let isAllBad: boolean
const told = vi.fn()
const onError = vi.fn()

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'intake-'))
  fault = undefined
  placing = async () => {}
  posted = []
  givenUp = []
  isAllBad = false
  told.mockReset()
  onError.mockReset()
  await open()
})
afterEach(async () => {
  await intake.close()
  await rm(dir, { recursive: true, force: true })
})

async function open(): Promise<void> {
  spool = await openSpool({ dir, readItem: (item) => item as Arrival, onSetAside: () => {} })
  intake = createIntake({
    spool,
    place: async ({ receivedAt }) => {
      await placing()
      return { lane: {}, order: receivedAt, receivedAt, event: {} } as NewEntry
    },
    dispatch: {
      async post(entries) {
        await fault?.(entries)
        posted.push(...entries.map(({ order }) => order))
      },
    },
    tryOut: async () => {
      if (isAllBad) throw new Error('OOM command not allowed')
    },
    giveUp: async (arrival) => void givenUp.push(arrival.receivedAt),
    onSpool: told,
    onError,
  })
}

/** Nothing more goes onto the disk. */
function fullDisk(): void {
  const full = Object.assign(new Error('ENOSPC: no space left'), {
    code: 'ENOSPC',
    syscall: 'write',
  })
  vi.spyOn(spool, 'append').mockRejectedValue(full)
}

const arrival = (n: number): Arrival => ({
  from: 'chatwoot',
  account: 'sales' as AccountId,
  receivedAt: n,
  event: {
    type: 'conversation',
    action: 'updated',
    accountId: 1,
    conversation: { id: 1 as ConversationId },
  } as unknown as Extract<Arrival, { from: 'chatwoot' }>['event'],
})
const accept = (n: number) => intake.accept([arrival(n)])
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1)
const replyOf = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' })
const refusing = (message: string) => async () => {
  throw replyOf(message)
}

describe('what comes in', () => {
  it('goes straight into the lanes while Redis is there', async () => {
    expect(await accept(1)).toBe(1)
    expect(posted).toEqual([1])
    expect(intake.isHolding()).toBe(false)
    expect(told).not.toHaveBeenCalled()
  })

  it.each([
    'Connection is closed.',
    "OOM command not allowed when used memory > 'maxmemory'.",
    "READONLY You can't write against a read only replica.",
    'MISCONF Redis is configured to save RDB snapshots',
    'LOADING Redis is loading the dataset in memory',
    'BUSY Redis is busy running a script',
    'NOPERM this user has no permissions to run the evalsha command',
    'EXECABORT Transaction discarded because of previous errors.',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'ERR max number of clients reached',
    'FUTUREWORD something nobody has heard of yet',
  ])('waits on disk and goes first later: %s', async (message) => {
    fault = refusing(message)
    expect(await accept(1)).toBe(1)
    expect(await accept(2)).toBe(1)
    expect(intake.isHolding()).toBe(true)
    fault = undefined
    await accept(3)
    intake.resume()
    await expect.poll(() => intake.isHolding()).toBe(false)
    await accept(4)
    expect(posted).toEqual([1, 2, 3, 4])
    expect(told.mock.calls.map(([{ state }]) => state)).toEqual(['filling', 'empty'])
    expect(onError).not.toHaveBeenCalled()
  })

  it('waits on disk at once when Redis is known not to answer', async () => {
    const hung = Promise.withResolvers<never>()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      fault = () => hung.promise
      const first = accept(1)
      await vi.advanceTimersByTimeAsync(1_500)
      await first
      // No time passes any more: whoever waited for Redis would wait for ever.
      for (let n = 2; n < 20; n += 1) await accept(n)
    } finally {
      vi.useRealTimers()
    }
    fault = undefined
    hung.reject(new Error('Command timed out'))
    await expect.poll(() => posted).toHaveLength(19)
    expect(posted).toEqual(upTo(19))
  })

  it('is not played while what was given up may still get there', async () => {
    const slow = Promise.withResolvers<void>()
    placing = vi.fn(() => slow.promise)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const first = accept(1)
      await vi.advanceTimersByTimeAsync(1_500)
      await first
      await accept(2)
      await vi.advanceTimersByTimeAsync(10_000)
    } finally {
      vi.useRealTimers()
    }
    expect(placing).toHaveBeenCalledTimes(1)
    slow.resolve()
    await expect.poll(() => intake.isHolding()).toBe(false)
    expect(posted).toEqual([1, 2])
  })

  it('is refused when neither Redis nor the disk takes it', async () => {
    fault = refusing('OOM command not allowed')
    fullDisk()
    await expect(accept(1)).rejects.toMatchObject({
      code: 'bridge.not_stored',
      message: expect.stringMatching(/Redis.*OOM.*disk of data.dir is full \(ENOSPC\)/),
    })
    expect(intake.refusedLately()).toMatch(/^A webhook could not be stored.*OOM.*ENOSPC/)
    await expect(accept(2)).rejects.toThrow()
    expect(intake.refusedLately()).toMatch(/^2 webhooks could not/)
  })

  it('goes into the lanes when the disk is full, behind what is on it', async () => {
    fault = refusing('OOM command not allowed')
    await accept(1)
    fullDisk()
    fault = undefined
    expect(await accept(2)).toBe(1)
    expect(await intake.accept(upTo(3).map(arrival))).toBe(3)
    expect(posted).toEqual([1, 2, 1, 2, 3])
    expect(intake.refusedLately()).toBeUndefined()
  })

  it('says why it waits', async () => {
    expect(intake.waitsFor()).toBeUndefined()
    fault = refusing('OOM command not allowed')
    await accept(1)
    expect(intake.waitsFor()).toMatch(
      /^Webhooks wait on disk: Redis takes no writes \(OOM\): it is full/,
    )
    fault = refusing('MISCONF Redis is configured to save')
    intake.resume()
    await expect.poll(() => intake.waitsFor()).toMatch(/\(MISCONF\)/)
  })

  it.each<[string, () => Error]>([
    ['a key that holds something else', () => replyOf('WRONGTYPE Operation against a key')],
    ['a script that fails', () => replyOf('ERR value is not an integer, script: 0a1b')],
    ['a mistake of the bridge', () => new TypeError('x is undefined')],
    ['something unforeseen', () => new Error('nobody knows')],
  ])('is given up alone when Redis takes all others but not it: %s', async (_what, error) => {
    fault = async (entries) => {
      if (entries.some(({ order }) => order === 2)) throw error()
    }
    expect(await accept(2)).toBe(1)
    for (const n of [1, 3, 4]) await accept(n)
    await expect.poll(() => intake.isHolding()).toBe(false)
    expect(givenUp).toEqual([2])
    expect(posted).toEqual([1, 3, 4])
  })

  it('is not given up when Redis takes nothing at all', async () => {
    fault = refusing('WRONGTYPE Operation against a key')
    isAllBad = true
    await accept(1)
    await accept(2)
    await expect.poll(() => intake.waitsFor()).toMatch(/OOM/)
    expect(givenUp).toEqual([])
    fault = undefined
    await expect.poll(() => posted).toEqual([1, 2])
  })

  it('is taken up by the next process before anything new', async () => {
    fault = refusing('Connection is closed.')
    await accept(1)
    await accept(2)
    await intake.close()
    await open()
    fault = undefined
    await intake.start()
    expect(posted).toEqual([1, 2])
    await accept(3)
    expect(posted).toEqual([1, 2, 3])
  })

  it('is played once, also when the start comes while it is played already', async () => {
    fault = refusing('Connection is closed.')
    await accept(1)
    const gate = Promise.withResolvers<never>()
    const waiting = vi.fn(() => gate.promise)
    fault = waiting
    intake.resume()
    await expect.poll(() => waiting).toHaveBeenCalled()
    const started = intake.start()
    const accepted = [accept(2), accept(3)]
    await Promise.all(accepted)
    expect(waiting).toHaveBeenCalledTimes(1)
    fault = undefined
    gate.reject(new Error('Connection is closed.'))
    await started
    await expect.poll(() => intake.isHolding()).toBe(false)
    await accept(4)
    expect(posted).toEqual([1, 2, 3, 4])
  })

  it('does not keep the next process from starting while Redis still refuses it', async () => {
    fault = refusing('OOM command not allowed')
    await accept(1)
    await intake.close()
    await open()
    await intake.start()
    expect(intake.isHolding()).toBe(true)
    fault = undefined
    intake.resume()
    await expect.poll(() => posted).toEqual([1])
  })
})

describe('a Redis that is merely slow', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    placing = () => vi.advanceTimersByTimeAsync(16)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('gets what waits on disk once, however long that takes', async () => {
    fault = refusing('Connection is closed.')
    for (let n = 1; n <= 150; n += 1) await accept(n)
    fault = undefined
    await intake.start()
    expect(posted).toEqual(upTo(150))
    expect(intake.isHolding()).toBe(false)
    await accept(151)
    expect(posted).toEqual(upTo(151))
  })

  it('gets of a large webhook what there is time for, and the rest once by way of the disk', async () => {
    expect(await intake.accept(upTo(1_000).map(arrival))).toBe(1_000)
    expect(posted.length).toBeGreaterThan(0)
    expect(posted.length).toBeLessThan(1_000)
    await accept(1_001)
    await expect.poll(() => intake.isHolding()).toBe(false)
    expect(posted).toEqual(upTo(1_001))
    expect(told.mock.calls.map(([{ state }]) => state)).toEqual(['filling', 'empty'])
  })

  it('keeps what it got of a batch when it goes away in the middle', async () => {
    fault = refusing('Connection is closed.')
    for (let n = 1; n <= 100; n += 1) await accept(n)
    let posts = 0
    fault = async () => {
      posts += 1
      if (posts > 1) throw new Error('Connection is closed.')
    }
    await intake.start()
    expect(posted.length).toBeGreaterThan(0)
    expect(intake.isHolding()).toBe(true)
    fault = undefined
    intake.resume()
    await expect.poll(() => intake.isHolding()).toBe(false)
    expect(posted).toEqual(upTo(100))
  })
})
