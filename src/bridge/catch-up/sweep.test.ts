import { describe, expect, it } from 'vitest'
import { OperatorNeededError, RateLimitedError, TransientError } from '../../kernel/errors.ts'
import type { ConversationId } from '../../kernel/ids.ts'
import type { Chat, Store } from '../../state/store/types.ts'
import { createBackdrop, MINUTE, NOW } from '../testing/backdrop.ts'
import { createMissed } from './find-missed.ts'
import { createMissedChanges } from './missed-changes.ts'
import { createHorizon } from './page.ts'
import { createSweep, type Which } from './sweep.ts'

const HOUR = 60 * MINUTE

function setUp({ since = 0 }: { since?: number } = {}) {
  const backdrop = createBackdrop()
  const { clock, journal, places, dispatch, lane } = backdrop
  const known: Chat[] = []
  const chats = {
    all: async function* () {
      for (const value of known) yield { id: value.chat, value }
    },
  } as unknown as Store['chats']
  const sweep = createSweep({
    ...backdrop,
    store: { chats },
    horizonOf: createHorizon({ clock, sinceOf: async () => since }),
    missed: createMissed({
      ownIds: { has: async (_account, id) => id?.startsWith('3EB0') === true },
      journal,
      places,
      clock,
      dispatch,
    }),
    missedChanges: createMissedChanges({ journal, places, clock, dispatch }),
    laneOf: async () => lane,
    pauseMs: 0,
  })
  return {
    ...backdrop,
    sweepFor: (which: Which) => sweep(backdrop.account, new AbortController().signal, which),
    sweep: async () => {
      const { queued, failure } = await sweep(backdrop.account, new AbortController().signal, 'all')
      if (failure !== undefined) throw failure
      return queued
    },
    /** The store knows a conversation. */
    remember: (conversationId: number, given: Partial<Chat> = {}) => {
      const { account } = backdrop
      const chat = { account: account.id, inboxId: account.inboxId, conversationId, at: NOW }
      known.push({ chat: `pn:${conversationId}`, ...chat, ...given } as Chat)
    },
    orders: () => backdrop.posted.map(({ order }) => order),
  }
}

describe('a sweep', () => {
  it('queues what agents wrote, in order, and nothing twice', async () => {
    const { write, wait, send, arrive, sweep, orders } = setUp()
    write(10, 11, 12, 13)
    send(10)
    arrive(12)
    wait(MINUTE)
    expect(await sweep()).toBe(2)
    expect(orders()).toEqual([11, 13])
    expect(await sweep()).toBe(0)
  })

  it.each([
    ['was typed on the phone', { sourceId: '3EB0AAAA' }],
    ['is on WhatsApp already', { sourceId: 'wamid.1', contentAttributes: { external_echo: true } }],
    ['was delivered', { status: 'delivered' }],
    ['was read', { status: 'read' }],
    ['is a private note', { private: true }],
    ['came from the customer', { messageType: 'incoming' }],
    ['is an activity', { messageType: 'activity' }],
    ['was deleted', { contentAttributes: { deleted: true } }],
    ['is too old', { createdAt: NOW - 25 * HOUR }],
    ['is older than the account', { createdAt: NOW - 3 * HOUR }],
  ] as const)('leaves alone what %s', async (_what, given) => {
    const { add, wait, sweep } = setUp({ since: NOW - 2 * HOUR })
    add(10, given)
    wait(MINUTE)
    expect(await sweep()).toBe(0)
  })

  it('sends what another program wrote under an id of its own', async () => {
    const { add, wait, sweep, orders } = setUp()
    add(10, { sourceId: 'erp-7' })
    wait(MINUTE)
    await sweep()
    expect(orders()).toEqual([10])
  })

  it('sends what bots and templates wrote as well', async () => {
    const { add, wait, sweep, orders } = setUp()
    add(10, { messageType: 'template', sender: null })
    add(11, { sender: { kind: 'bot', id: 1, name: 'Bot' } })
    wait(MINUTE)
    await sweep()
    expect(orders()).toEqual([10, 11])
  })

  it('takes back the failure Chatwoot shows because its webhook failed', async () => {
    const { add, wait, sweep, updates, posted } = setUp()
    add(10, { status: 'failed', contentAttributes: { external_error: '502 Bad Gateway' } })
    wait(MINUTE)
    await sweep()
    expect(updates).toEqual([{ id: 10, status: 'sent' }])
    expect(posted).toMatchObject([{ event: { status: 'sent', contentAttributes: {} } }])
  })

  it('leaves what is seconds old to its webhook, and finds it the next time', async () => {
    const { write, wait, sweep, orders } = setUp()
    write(10)
    expect(await sweep()).toBe(0)
    wait(MINUTE)
    await sweep()
    expect(orders()).toEqual([10])
  })

  it('says what it left to a webhook, and asks for that alone the next time', async () => {
    const { write, wait, sweepFor, calls, orders, gaps, account, conversation } = setUp()
    const mayMiss = () => gaps.mayBeIn(account.id, conversation.id)
    write(10)
    expect(await sweepFor('all')).toEqual({ queued: 0, isLeft: true })
    expect(mayMiss()).toBe(true)
    wait(10_001)
    calls.splice(0)
    expect(await sweepFor('rest')).toEqual({ queued: 1 })
    expect(orders()).toEqual([10])
    expect(mayMiss()).toBe(false)
    expect(await sweepFor('rest')).toEqual({ queued: 0 })
    expect(calls).toEqual([{}])
  })

  it.each([
    ['was written before the start', { createdAt: NOW - 2_000 }],
    ['got no answer when Chatwoot told of it', { status: 'failed' }],
  ] as const)('queues at once what is seconds old and %s', async (_what, given) => {
    const { add, sweep, orders } = setUp()
    add(10, given)
    expect(await sweep()).toBe(1)
    expect(orders()).toEqual([10])
  })

  it('keeps its doubt when webhooks may have been lost meanwhile', async () => {
    const { write, failFor, sweep, gaps, account, conversation } = setUp()
    write(10)
    failFor(7, () => {
      gaps.suspect(account.id)
      return new TransientError('500', { code: 'chatwoot.server_error' })
    })
    await expect(sweep()).rejects.toThrow()
    expect(gaps.mayBeIn(account.id, conversation.id)).toBe(true)
    failFor(7, undefined)
    await sweep()
    expect(gaps.mayBeIn(account.id, conversation.id)).toBe(true)
  })

  it('asks for what is new only when something is, and for the rest because it may have changed', async () => {
    const { write, wait, send, sweep, calls } = setUp()
    write(10)
    send(10)
    wait(MINUTE)
    await sweep()
    expect(calls).toEqual([{}])
    calls.splice(0)
    await sweep()
    expect(calls).toEqual([{ before: 11 }])
    write(11)
    send(11)
    wait(MINUTE)
    await sweep()
    expect(calls.slice(1, 3)).toEqual([{ before: 11 }, { after: 10 }])
  })

  it.each([
    ['that nobody has answered', {}, 1],
    ['of a machine', { sender: { kind: 'bot', id: 1, name: 'Bot' } }, 0],
    ['that was deleted', { contentAttributes: { deleted: true } }, 0],
    ['that is too old', { createdAt: NOW - 25 * HOUR }, 0],
    ['of the bridge itself', { sourceId: 'command:9' }, 0],
  ] as const)('runs a command %s', async (_what, given, count) => {
    const { add, wait, sweep } = setUp()
    add(10, { content: '!status', private: true, ...given })
    wait(MINUTE)
    expect(await sweep()).toBe(count)
  })

  it('hands on what operators wrote to the bridge, and none that was answered', async () => {
    const { add, wait, sweep, orders, makeOperators } = setUp()
    makeOperators()
    add(9, { content: 'status' })
    add(10, { content: 'status' })
    add(11, { messageType: 'template', sender: null })
    add(12, { private: true, sourceId: 'command:9' })
    wait(MINUTE)
    await sweep()
    expect(orders()).toEqual([10])
  })

  it('runs commands in their place among the messages, and none that was answered', async () => {
    const { add, write, wait, sweep, orders } = setUp()
    const command = (id: number) => add(id, { content: '!delete', private: true })
    command(9)
    write(10)
    command(11)
    write(12)
    add(13, { private: true, sourceId: 'command:9' })
    wait(MINUTE)
    await sweep()
    expect(orders()).toEqual([10, 11, 12])
  })

  it('goes back page by page as far as it may send, and forward again in order', async () => {
    const { write, wait, sweep, orders } = setUp()
    const all = Array.from({ length: 130 }, (_, n) => n + 1)
    write(...all)
    wait(MINUTE)
    expect(await sweep()).toBe(130)
    expect(orders()).toEqual(all)
  })

  it('waits for a Chatwoot that is known to be out of order', async () => {
    const { write, wait, sweep, breakUntil, calls, orders } = setUp()
    write(10)
    wait(MINUTE)
    breakUntil(NOW + 2 * MINUTE)
    await expect(sweep()).rejects.toThrow('out of order')
    expect(calls).toEqual([])
    breakUntil(undefined)
    await sweep()
    expect(orders()).toEqual([10])
  })

  it('finds what waits in the lane a chat had before it was joined with another', async () => {
    const { write, wait, arriveElsewhere, sweep } = setUp()
    write(10)
    arriveElsewhere(10)
    wait(MINUTE)
    expect(await sweep()).toBe(0)
  })

  it('that breaks off counts for nothing', async () => {
    const { write, wait, sweep, failWith, checkpoint, account, orders } = setUp()
    write(10)
    wait(MINUTE)
    failWith(new TransientError('away', { code: 'chatwoot.unreachable' }))
    await expect(sweep()).rejects.toThrow('away')
    expect(await checkpoint.sweptAt(account.id)).toBeUndefined()
    failWith(undefined)
    await sweep()
    expect(orders()).toEqual([10])
    expect(await checkpoint.sweptAt(account.id)).toBe(NOW + MINUTE)
  })
})

describe('a list of conversations that Chatwoot cannot make', () => {
  const broken = new TransientError('500', { code: 'chatwoot.server_error' })

  it('is read in pages', async () => {
    const { write, wait, sweepFor, orders, breakList, checkpoint, account } = setUp()
    write(10)
    wait(MINUTE)
    breakList(broken, 'pages work')
    const swept = await sweepFor('all')
    expect(swept).toMatchObject({ queued: 1, incomplete: { code: 'catch_up.list_broken' } })
    expect(orders()).toEqual([10])
    expect(await checkpoint.sweptAt(account.id)).toBeUndefined()
    breakList(undefined, 'pages work')
    expect(await sweepFor('all')).toEqual({ queued: 0 })
    expect(await checkpoint.sweptAt(account.id)).toBeDefined()
  })

  it('is made of what the bridge knows where no page helps, and the broken one holds up no other', async () => {
    const { write, wait, sweepFor, orders, breakList, remember, gaps, account, conversation } =
      setUp()
    remember(7, { at: NOW + 1 })
    remember(conversation.id)
    remember(8, { inboxId: 99 as Chat['inboxId'] })
    remember(9, { account: 'other' as Chat['account'] })
    write(10)
    wait(MINUTE)
    breakList(broken, 'nor pages')
    expect(await sweepFor('all')).toMatchObject({
      queued: 1,
      failure: { context: { conversation: 7, count: 1 } },
      incomplete: { code: 'catch_up.list_broken' },
    })
    expect(orders()).toEqual([10])
    expect(gaps.mayBeIn(account.id, conversation.id)).toBe(false)
    expect(gaps.mayBeIn(account.id, 7 as ConversationId)).toBe(true)
  })

  it('of which one cannot be read leads to that one all the same', async () => {
    const { write, wait, sweepFor, orders, hide } = setUp()
    hide()
    write(10)
    wait(MINUTE)
    expect(await sweepFor('all')).toEqual({ queued: 1 })
    expect(orders()).toEqual([10])
  })
})

describe('a conversation that cannot be read', () => {
  const brokenOne = (error: Error) => {
    const world = setUp()
    const { account, write, wait } = world
    world.failFor(7, error)
    write(10)
    wait(MINUTE)
    return {
      ...world,
      isSwept: async () => (await world.checkpoint.sweptAt(account.id)) !== undefined,
    }
  }
  const serverError = new TransientError('500', { code: 'chatwoot.server_error' })
  const timeout = new TransientError('late', {
    code: 'chatwoot.unreachable',
    context: { network: 'TIMEOUT' },
  })

  it.each([serverError, timeout, new TypeError('a bug')])(
    'does not keep the others from being found, and nothing is queued twice: %o',
    async (error) => {
      const { sweep, orders, isSwept, failFor } = brokenOne(error)
      for (let n = 0; n < 3; n += 1) {
        await expect(sweep()).rejects.toMatchObject({
          code: 'chatwoot.not_looked_through',
          context: { conversation: 7, count: 1 },
          cause: error,
        })
      }
      expect(orders()).toEqual([10])
      expect(await isSwept()).toBe(false)
      failFor(7, undefined)
      expect(await sweep()).toBe(0)
      expect(await isSwept()).toBe(true)
    },
  )

  it.each([
    new TransientError('refused', {
      code: 'chatwoot.unreachable',
      context: { network: 'ECONNREFUSED' },
    }),
    new RateLimitedError('429', { code: 'chatwoot.rate_limited', waitMs: 1 }),
    new OperatorNeededError('401', { code: 'chatwoot.refused' }),
    new TransientError('away', { code: 'redis.away', context: { reason: 'OOM' } }),
  ])('ends the sweep when the others would fare no better: %o', async (error) => {
    const { sweep, orders, calls } = brokenOne(error)
    await expect(sweep()).rejects.toBe(error)
    expect([orders(), calls]).toEqual([[], []])
  })

  it('ends the sweep once Chatwoot is known to be out of order', async () => {
    const { sweep, failFor, breakUntil, calls } = brokenOne(serverError)
    failFor(7, () => {
      breakUntil(NOW + 2 * MINUTE)
      return serverError
    })
    await expect(sweep()).rejects.toBe(serverError)
    expect(calls).toEqual([])
  })
})
