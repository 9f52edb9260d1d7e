import { describe, expect, it } from 'vitest'
import { RateLimitedError, TransientError } from '../../kernel/errors.ts'
import type { Entry } from '../../queue/entry.ts'
import { learnedWith } from '../../queue/wait-until.ts'
import { createBackdrop, MINUTE, NOW } from '../testing/backdrop.ts'
import { createBeforeSend, WAIT_FOR_ANSWER_MS } from './before-send.ts'
import { createMissed } from './find-missed.ts'
import { createHorizon } from './page.ts'

function setUp() {
  const backdrop = createBackdrop()
  const { account, clock, checkpoint, gaps, journal, places, dispatch } = backdrop
  const failed: unknown[] = []
  const look = createBeforeSend({
    checkpoint,
    gaps,
    clock,
    horizonOf: createHorizon({ clock, sinceOf: async () => 0 }),
    missed: createMissed({
      ownIds: { has: async (_account, id) => id?.startsWith('3EB0') === true },
      journal,
      places,
      clock,
      dispatch,
    }),
    onFailed: (_account, error) => failed.push(error),
    onFound: () => {},
  })
  const fresh: Entry = { id: '1.1', receivedAt: NOW, event: {}, attempts: 0 }
  let entry = fresh
  /** What an attempt learned is there at the next one. */
  async function behind(id: number): Promise<void> {
    try {
      await look(account, entry, backdrop.lane, backdrop.event(id))
    } catch (error) {
      entry = { ...entry, ...learnedWith(error).learned }
      throw error
    }
  }
  return {
    ...backdrop,
    failed,
    behind,
    looks: () => entry.looks,
    beginAnew: () => {
      entry = fresh
    },
    /** A sweep has been through since the start. */
    knowAll: () => gaps.filledBut(account.id, [], gaps.asOf(account.id)),
  }
}

const waitUntil = (until: number, mayBeWoken = false) => ({ name: 'WaitUntil', until, mayBeWoken })

describe('the look before a send', () => {
  it('queues an earlier message whose webhook is missing, and lets it go first', async () => {
    const { write, behind, posted, clock } = setUp()
    write(10, 11)
    await expect(behind(11)).rejects.toMatchObject(waitUntil(clock.now()))
    expect(posted).toMatchObject([{ order: 10, event: { id: 10, action: 'created' } }])
    posted.splice(0)
    expect(await behind(11)).toBeUndefined()
    expect(posted).toEqual([])
  })

  it('queues an earlier command as well, unless it was answered', async () => {
    const { add, write, behind, posted } = setUp()
    add(9, { private: true, content: '!block' })
    add(10, { private: true, content: '!unblock' })
    add(11, { private: true, sourceId: 'command:9' })
    write(12)
    await expect(behind(12)).rejects.toThrow('Earlier messages go first')
    expect(posted).toMatchObject([{ order: 10, event: { private: true, action: 'created' } }])
  })

  it('costs one question for messages written together, none for what was seen', async () => {
    const { write, behind, wait, calls, arrive, checkpoint, account, conversation } = setUp()
    write(10, 11, 12)
    arrive(10, 11, 12)
    for (const id of [10, 11, 12]) expect(await behind(id)).toBeUndefined()
    expect(calls).toHaveLength(1)
    wait(MINUTE)
    await behind(12)
    expect(calls).toHaveLength(2)
    expect(await checkpoint.get(account.id, conversation.id)).toBe(12)
    wait(MINUTE)
    await behind(12)
    expect(calls).toHaveLength(2)
  })

  it('asks only for what came after the last it knows', async () => {
    const { write, behind, wait, calls } = setUp()
    write(10)
    wait(MINUTE)
    await expect(behind(10)).rejects.toThrow('Earlier messages go first')
    write(11)
    await behind(11)
    expect(calls.at(-1)).toEqual({ after: 10 })
  })

  it('leaves a younger message to its webhook', async () => {
    const { write, behind, posted } = setUp()
    write(10, 11)
    expect(await behind(10)).toBeUndefined()
    expect(posted).toEqual([])
    // Had it been taken for known, nothing would look for it any more.
    write(12)
    await expect(behind(12)).rejects.toThrow('Earlier messages go first')
    expect(posted.map(({ order }) => order)).toEqual([10, 11])
  })

  it('asks twice when Chatwoot is away, then the message goes without, and others do not ask', async () => {
    const { behind, failWith, failed, clock, calls, wait, beginAnew, looks, knowAll } = setUp()
    knowAll()
    failWith(new TransientError('away', { code: 'chatwoot.unreachable' }))
    await expect(behind(10)).rejects.toMatchObject(waitUntil(clock.now() + 1_000))
    expect(looks()).toBe(1)
    expect(await behind(10)).toBeUndefined()
    expect(failed).toHaveLength(2)
    expect(await behind(11)).toBeUndefined()
    expect(calls).toHaveLength(2)
    wait(MINUTE)
    beginAnew()
    await expect(behind(12)).rejects.toMatchObject(waitUntil(clock.now() + 1_000))
    expect(calls).toHaveLength(3)
  })

  it('waits for a Chatwoot that is known to be out of order, and does not ask it', async () => {
    const { behind, breakUntil, calls, wait, knowAll } = setUp()
    knowAll()
    breakUntil(NOW + MINUTE)
    await expect(behind(10)).rejects.toMatchObject(waitUntil(NOW + MINUTE, true))
    expect(calls).toEqual([])
    wait(WAIT_FOR_ANSWER_MS - 1)
    await expect(behind(10)).rejects.toMatchObject(waitUntil(NOW + MINUTE, true))
    wait(1)
    expect(await behind(10)).toBeUndefined()
    expect(calls).toEqual([])
  })

  it('lets nothing pass after a start before Chatwoot has answered, for a while', async () => {
    const { write, arrive, behind, failWith, wait, posted } = setUp()
    const timeout = { code: 'chatwoot.unreachable', context: { network: 'TIMEOUT' } }
    write(10, 11)
    arrive(11)
    failWith(new TransientError('slow', timeout))
    for (let n = 0; n < 20; n += 1) {
      await expect(behind(11)).rejects.toMatchObject(waitUntil(expect.any(Number)))
      wait(10_000)
    }
    failWith(undefined)
    await expect(behind(11)).rejects.toMatchObject(waitUntil(expect.any(Number)))
    expect(posted).toMatchObject([{ order: 10 }])
    expect(await behind(11)).toBeUndefined()
  })

  it('delays a conversation that can never be read once, not every message of it', async () => {
    const { behind, failWith, wait } = setUp()
    failWith(new TransientError('500', { code: 'chatwoot.server_error' }))
    await expect(behind(11)).rejects.toMatchObject(waitUntil(expect.any(Number)))
    wait(WAIT_FOR_ANSWER_MS)
    expect(await behind(11)).toBeUndefined()
    expect(await behind(12)).toBeUndefined()
  })

  it('waits as long as the limit of Chatwoot asks for', async () => {
    const { behind, failWith, clock } = setUp()
    failWith(new RateLimitedError('429', { code: 'chatwoot.rate_limited', waitMs: 45_000 }))
    await expect(behind(11)).rejects.toMatchObject(waitUntil(clock.now() + 45_000))
  })

  it('leaves to the lane what fails for another reason', async () => {
    const { behind, failWith } = setUp()
    failWith(new TransientError('away', { code: 'redis.away' }))
    await expect(behind(10)).rejects.toThrow('away')
  })

  it('does not hide a mistake of ours', async () => {
    const { behind, failWith } = setUp()
    failWith(new TypeError('a bug'))
    await expect(behind(10)).rejects.toThrow('a bug')
  })
})
