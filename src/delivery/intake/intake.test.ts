import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccountId, ConversationId } from '../../ids.ts'
import type { NewEntry } from '../lanes/lanes.ts'
import { createIntake, type Intake } from './intake.ts'
import type { Arrival } from './place-arrival.ts'
import { openSpool, type Spool } from './spool.ts'

let dir: string
let spool: Spool<Arrival>
let intake: Intake
/** What happens to a write to Redis; `undefined` while it is there. */
let fault: (() => Promise<never>) | undefined
let posted: number[]
const told = vi.fn()
const onError = vi.fn()

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'intake-'))
  fault = undefined
  posted = []
  told.mockReset()
  onError.mockReset()
  await open()
})
afterEach(async () => {
  await intake.close()
  await rm(dir, { recursive: true, force: true })
})

async function open(): Promise<void> {
  spool = await openSpool(dir)
  intake = createIntake({
    spool,
    place: async ({ receivedAt }) =>
      ({ lane: {}, order: receivedAt, receivedAt, event: {} }) as NewEntry,
    dispatch: {
      async post(entries) {
        await fault?.()
        posted.push(...entries.map(({ order }) => order))
      },
    },
    onSpool: told,
    onError,
  })
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
const refusing = (message: string) => async () => {
  throw new Error(message)
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
  ])('waits on disk and goes first later: %s', async (message) => {
    fault = refusing(message)
    expect(await accept(1)).toBe(1)
    expect(await accept(2)).toBe(1)
    expect(intake.isHolding()).toBe(true)
    fault = undefined
    await accept(3)
    intake.resume()
    await vi.waitFor(() => expect(intake.isHolding()).toBe(false))
    await accept(4)
    expect(posted).toEqual([1, 2, 3, 4])
    expect(told.mock.calls.map(([{ state }]) => state)).toEqual(['filling', 'empty'])
    expect(onError).not.toHaveBeenCalled()
  })

  it('waits on disk at once when Redis is known not to answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const hung = vi.fn(() => new Promise<never>(() => {}))
      fault = hung
      const first = accept(1)
      await vi.advanceTimersByTimeAsync(1_500)
      await first
      // No time passes any more: whoever waited for Redis would wait for ever.
      for (let n = 2; n < 20; n += 1) await accept(n)
      fault = undefined
      await vi.advanceTimersByTimeAsync(1_500)
    } finally {
      vi.useRealTimers()
    }
    intake.resume()
    await vi.waitFor(() => expect(posted).toHaveLength(19), 5_000)
    expect(posted).toEqual(Array.from({ length: 19 }, (_, n) => n + 1))
  })

  it('is refused when neither Redis nor the disk takes it', async () => {
    fault = refusing('Connection is closed.')
    vi.spyOn(spool, 'append').mockRejectedValueOnce(new Error('ENOSPC'))
    await expect(accept(1)).rejects.toThrow('ENOSPC')
  })

  it('is refused when the bridge itself fails', async () => {
    fault = refusing('WRONGTYPE Operation against a key holding the wrong kind of value')
    await expect(accept(1)).rejects.toThrow('WRONGTYPE')
    expect(intake.isHolding()).toBe(false)
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
    await vi.waitFor(() => expect(waiting).toHaveBeenCalled())
    const started = intake.start()
    const accepted = [accept(2), accept(3)]
    await Promise.all(accepted)
    expect(waiting).toHaveBeenCalledTimes(1)
    fault = undefined
    gate.reject(new Error('Connection is closed.'))
    await started
    await vi.waitFor(() => expect(intake.isHolding()).toBe(false))
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
    await vi.waitFor(() => expect(posted).toEqual([1]))
  })
})
