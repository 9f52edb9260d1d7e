import { describe, expect, it, vi } from 'vitest'
import { TransientError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { createAlone } from './alone.ts'
import type { Entry, Lane } from './entry.ts'
import type { Lanes } from './lanes.ts'
import { LONGEST_WAIT_MS } from './retry.ts'
import { takeTurn } from './turn.ts'
import type { Begun } from './turn-marks.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = 1_800_000_000_000
const lane: Lane = { direction: 'in', account: 'sales' as AccountId, key: 'pn:1' }

/** A lane with one entry, and what becomes of it. */
async function turnWith(given: Partial<Entry>, handle: () => Promise<'done'> = async () => 'done') {
  let head: Entry | undefined = {
    id: '1.1',
    receivedAt: NOW - 1_000,
    event: {},
    attempts: 0,
    ...given,
  }
  const handled = vi.fn(handle)
  const onClockWasAhead = vi.fn()
  const lanes: Pick<Lanes, 'save' | 'remove'> = {
    async save(_lane, entry) {
      head = entry
    },
    async remove() {
      head = undefined
      return false
    },
  }
  const end = await takeTurn(
    {
      lanes: lanes as Lanes,
      marks: {
        async begin(): Promise<Begun | undefined> {
          const died = { times: 0, isAlone: false, wasBeside: false }
          return head === undefined ? undefined : { is: 'entry', entry: { ...head }, died }
        },
        leave: async () => {},
        outlived: async () => {},
      },
      alone: createAlone(),
      lastDelivered: { isSince: () => false },
      setAside: async () => {},
      onNewer: () => {},
      onWorkerError: () => {},
      clock: { now: () => NOW },
      retryFor: () => 72 * HOUR,
      handle: handled,
      giveUp: async () => {},
      onAttemptFailed: () => {},
      onClockWasAhead,
    },
    lane,
  )
  return {
    end,
    head,
    isHandled: handled.mock.calls.length > 0,
    told: onClockWasAhead.mock.calls.length,
  }
}

describe('a turn after the clock was put right', () => {
  it.each<[string, Partial<Entry>]>([
    ['two days, as the last release wrote it', { notBefore: NOW + 2 * DAY }],
    ['two years', { notBefore: NOW + 730 * DAY, putOffAt: NOW + 729 * DAY }],
    ['half an hour', { notBefore: NOW + 30 * MINUTE, putOffAt: NOW + 29 * MINUTE }],
    [
      'five minutes, before its first attempt',
      { notBefore: NOW + 5 * MINUTE, receivedAt: NOW + 5 * MINUTE },
    ],
  ])('takes up at once what waits since it was ahead by %s', async (_what, entry) => {
    const { end, isHandled, told } = await turnWith(entry)
    expect(end).toBe('empty')
    expect(isHandled).toBe(true)
    expect(told).toBe(1)
  })

  it.each<[string, Partial<Entry>]>([
    ['a retry', { notBefore: NOW + HOUR, putOffAt: NOW - 1_000 }],
    ['the longest one', { notBefore: NOW + LONGEST_WAIT_MS, putOffAt: NOW }],
    [
      'another process whose clock is a little ahead',
      { notBefore: NOW + 5_000, putOffAt: NOW + 2_000 },
    ],
  ])('leaves alone what waits as it should: %s', async (_what, entry) => {
    const { end, isHandled, told } = await turnWith(entry)
    expect(end).toEqual({ waitUntil: entry.notBefore })
    expect(isHandled).toBe(false)
    expect(told).toBe(0)
  })

  it('lets what came in the future grow old from its next attempt on', async () => {
    const away = async () => {
      throw new TransientError('away', { code: 'test.away' })
    }
    const { head } = await turnWith({ receivedAt: NOW + 2 * DAY }, away)
    expect(head).toMatchObject({
      receivedAt: NOW + 2 * DAY,
      renewedAt: NOW,
      putOffAt: NOW,
      attempts: 1,
    })
  })
})
