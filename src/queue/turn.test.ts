import { describe, expect, it, vi } from 'vitest'
import { PermanentError, TransientError } from '../kernel/errors.ts'
import { type AccountId, asId, type ConversationId } from '../kernel/ids.ts'
import type { Entry, Lane } from './entry.ts'
import type { Lanes } from './lanes.ts'
import { LONGEST_WAIT_MS } from './retry.ts'
import { type Begun, createAlone, type Handle, takeTurn } from './turn.ts'
import { WaitUntil, withLearned } from './wait-until.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = 1_800_000_000_000
const lane: Lane = { direction: 'in', account: 'sales' as AccountId, key: 'pn:1' }

/** A lane with one entry, and what becomes of it. */
async function turnWith(given: Partial<Entry>, handle: Handle = async () => {}) {
  let head: Entry | undefined = {
    id: '1.1',
    receivedAt: NOW - 1_000,
    event: {},
    attempts: 0,
    ...given,
  }
  const handled = vi.fn(handle)
  const onClockWasAhead = vi.fn()
  const gaveUp: Entry[] = []
  const failed: { entry: Entry; error: unknown }[] = []
  let left = 0
  const lanes: Pick<Lanes, 'save' | 'remove'> = {
    async save(_lane, entry) {
      head = entry
    },
    async remove() {
      head = undefined
      return false
    },
  }
  const turn = takeTurn(
    {
      lanes: lanes as Lanes,
      marks: {
        async begin(): Promise<Begun | undefined> {
          const died = { times: 0, isAlone: false, wasBeside: false }
          return head === undefined ? undefined : { is: 'entry', entry: { ...head }, died }
        },
        async leave() {
          left += 1
        },
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
      async giveUp(entry) {
        gaveUp.push(entry)
      },
      onAttemptFailed: ({ entry, error }) => failed.push({ entry, error }),
      onClockWasAhead,
    },
    lane,
  )
  const end = await turn.catch((error: unknown) => error)
  return {
    end,
    head,
    gaveUp,
    failed,
    left,
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
    expect(end).toBe(false)
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
    expect(end).toBeInstanceOf(WaitUntil)
    expect(end).toMatchObject({ until: entry.notBefore })
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

describe('what an attempt learned', () => {
  const triedIn = asId<ConversationId>(7)
  const away = new TransientError('away', { code: 'test.away' })

  it('is saved with a wait, which counts no attempt', async () => {
    const until = NOW + MINUTE
    const { head, end, failed } = await turnWith({ fileFailures: 1 }, async () => {
      throw new WaitUntil('later', { until, learned: { looks: 1, triedIn } })
    })
    expect(head).toEqual({
      id: '1.1',
      receivedAt: NOW - 1_000,
      event: {},
      attempts: 0,
      fileFailures: 1,
      looks: 1,
      triedIn,
      notBefore: until,
      putOffAt: NOW,
    })
    expect(end).toMatchObject({ until })
    expect(failed).toEqual([])
  })

  it('is saved with a wait that may be woken, without its moment', async () => {
    const { head, end } = await turnWith({}, async () => {
      throw new WaitUntil('away', { until: NOW + 5, mayBeWoken: true, learned: { looks: 1 } })
    })
    expect(head).toMatchObject({ looks: 1, attempts: 0 })
    expect(head).not.toHaveProperty('notBefore')
    expect(end).toMatchObject({ until: NOW + 5 })
  })

  it('is nothing as a rule: then a wait that may be woken writes nothing down', async () => {
    const given = { attempts: 3 }
    const { head, left } = await turnWith(given, async () => {
      throw new WaitUntil('away', { until: NOW + 5, mayBeWoken: true })
    })
    expect(head).toEqual({ id: '1.1', receivedAt: NOW - 1_000, event: {}, attempts: 3 })
    expect(left).toBe(1)
  })

  it('is saved with a failure, whose own class decides', async () => {
    const { head, failed } = await turnWith({ attempts: 2 }, async () => {
      throw withLearned(away, { triedIn, fileFailures: 1 })
    })
    expect(head).toMatchObject({ attempts: 3, triedIn, fileFailures: 1, failedAt: NOW })
    expect(failed).toMatchObject([{ error: away, entry: { attempts: 2, triedIn } }])
  })

  it('goes along when the entry is given up', async () => {
    const refused = new PermanentError('no', { code: 'test.refused' })
    const { head, gaveUp, failed } = await turnWith({}, async () => {
      throw withLearned(refused, { triedIn })
    })
    expect(head).toBeUndefined()
    expect(gaveUp).toMatchObject([{ triedIn }])
    expect(failed).toMatchObject([{ error: refused }])
  })

  it('is all that a handler can leave: the entry it was given is not written into', async () => {
    const { head } = await turnWith({}, async (entry) => {
      // @ts-expect-error Nobody writes into an entry.
      entry.triedIn = triedIn
      // @ts-expect-error Nor does anybody take something out.
      delete entry.attempts
      throw away
    })
    expect(head).toBeDefined()
  })
})
