import { describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import type { Limit } from '../../accounts/limits.ts'
import { OperatorNeededError, TransientError } from '../../kernel/errors.ts'
import type { Failure } from '../../queue/dead-letters/failures.ts'
import type { OperatorRecord } from '../../state/store/types.ts'
import { createOperatorNeeded } from './operator-desk.ts'
import { createOperatorBackdrop, MINUTE, NOW } from './testing.ts'
import { createWatch } from './watch.ts'

function start() {
  const backdrop = createOperatorBackdrop()
  const world = {
    oldest: { in: 0, out: 0 },
    waiting: 0,
    limits: [] as Limit[],
    downSince: undefined as number | undefined,
    failures: [] as Pick<Failure, 'id' | 'failedAt' | 'message' | 'direction'>[],
    told: undefined as string | undefined,
    status: 'connected' as string | Error,
  }
  const account = {
    ...backdrop.account,
    wasender: {
      session: {
        async status() {
          if (world.status instanceof Error) throw world.status
          return world.status
        },
      },
    },
  } as unknown as Account
  const of = (direction: unknown) =>
    world.failures.filter((failure) => failure.direction === direction)
  const watch = createWatch({
    ...backdrop,
    limits: { of: async () => world.limits },
    place: { known: async () => ({ told: world.told }) as OperatorRecord },
    lanes: {
      waiting: async ([id]) =>
        (['in', 'out'] as const).map((direction) => ({
          account: id!,
          direction,
          count: world.waiting,
          oldest: world.oldest[direction],
        })),
    },
    failures: {
      count: async (_account, direction) => of(direction).length,
      list: async ({ direction }) => ({ failures: of(direction).slice(-1) as Failure[] }),
    },
    sessionGate: { downSince: async () => world.downSince },
    needed: createOperatorNeeded(backdrop),
    debounceMs: 10_000,
  })
  const fail = (id: string, direction: 'in' | 'out' | 'status' = 'out') =>
    world.failures.push({
      id,
      direction,
      failedAt: backdrop.clock.now(),
      message: `Reason ${id}.`,
    })
  return { ...backdrop, account, world, watch, fail }
}

describe('the watch over limits of WhatsApp', () => {
  it('tells of each once when it begins and once when it is over', async () => {
    const { account, world, watch, news } = start()
    const look = () => watch.limits(account)
    await look()
    expect(news()).toEqual([])
    world.limits = [{ code: '463', since: NOW, lastAt: NOW }]
    await look()
    world.limits = [{ code: '463', since: NOW, lastAt: NOW + MINUTE }]
    await look()
    expect(news()).toEqual([{ is: 'limit', code: '463', since: NOW }])
    world.limits = [{ code: '475', since: NOW, lastAt: NOW }]
    await look()
    await look()
    expect(news()).toEqual([
      { is: 'limit-over', code: '463', since: NOW },
      { is: 'limit', code: '475', since: NOW },
    ])
  })
})

describe('the watch over what is stuck', () => {
  it('tells once when the oldest has waited for five minutes, and once when all moves again', async () => {
    const { account, world, watch, wait, news } = start()
    world.oldest.in = NOW
    world.waiting = 3
    const look = () => watch.backlog(account, 'in')
    for (let minute = 0; minute < 5; minute += 1) {
      await look()
      expect(news()).toEqual([])
      wait(MINUTE)
    }
    await look()
    expect(news()).toEqual([{ is: 'backlog', direction: 'in', since: NOW, count: 3 }])
    for (let minute = 0; minute < 60; minute += 1) {
      wait(MINUTE)
      // It moves, but slowly.
      world.oldest.in += 30_000
      await look()
    }
    expect(news()).toEqual([])
    world.oldest.in = 0
    await look()
    await look()
    expect(news()).toEqual([{ is: 'backlog-over', direction: 'in', since: NOW }])
  })

  it('does not flicker around its limit', async () => {
    const { account, world, watch, wait, news, clock } = start()
    world.oldest.out = NOW
    wait(5 * MINUTE)
    for (let n = 0; n < 20; n += 1) {
      await watch.backlog(account, 'out')
      world.oldest.out = clock.now() - (n % 2 === 0 ? 4 : 6) * MINUTE
    }
    expect(news()).toHaveLength(1)
  })

  it('says nothing of what waits for a session that is down: that was told', async () => {
    const { account, world, watch, wait, news } = start()
    world.oldest = { in: NOW, out: NOW }
    world.downSince = NOW
    wait(10 * MINUTE)
    await watch.backlog(account, 'out')
    expect(news()).toEqual([])
    await watch.backlog(account, 'in')
    expect(news()).toHaveLength(1)
    world.downSince = undefined
    await watch.backlog(account, 'out')
    expect(news()).toMatchObject([{ direction: 'out' }])
  })
})

describe('the watch over dead letters', () => {
  it('sums them up with the newest reason, at most every fifteen minutes', async () => {
    const { account, watch, fail, wait, news } = start()
    await watch.failures(account)
    expect(news()).toEqual([])
    fail('a')
    fail('b', 'in')
    wait(1)
    fail('c')
    await watch.failures(account)
    expect(news()).toEqual([{ is: 'failures', count: 3, newest: 'c', reason: 'Reason c.' }])
    for (let minute = 0; minute < 14; minute += 1) {
      fail(`d${minute}`)
      wait(MINUTE)
      await watch.failures(account)
    }
    expect(news()).toEqual([])
    wait(MINUTE)
    await watch.failures(account)
    await watch.failures(account)
    expect(news()).toMatchObject([{ count: 17, newest: 'd13' }])
  })

  it('does not repeat those that are known, and tells of new ones after some were dealt with', async () => {
    const { account, world, watch, fail, wait, news } = start()
    fail('a')
    fail('b')
    await watch.failures(account)
    wait(20 * MINUTE)
    await watch.failures(account)
    expect(news()).toHaveLength(1)
    world.failures.splice(0)
    await watch.failures(account)
    fail('c')
    await watch.failures(account)
    expect(news()).toMatchObject([{ count: 1, newest: 'c' }])
  })

  it('leaves out receipts and the lines of the conversation itself', async () => {
    const { account, watch, fail, news } = start()
    fail('a', 'status')
    await watch.failures(account)
    expect(news()).toEqual([])
  })
})

describe('the watch over the session', () => {
  it('tells how it is the first time, and passes on what no webhook told', async () => {
    const { account, world, watch, news } = start()
    await watch.session(account)
    expect(news()).toEqual([{ is: 'session', status: 'connected', at: NOW }])
    world.told = 'connected'
    await watch.session(account)
    expect(news()).toEqual([])
    world.status = 'logged_out'
    await watch.session(account)
    expect(news()).toEqual([{ is: 'heard', status: 'logged_out' }])
  })

  it('tells of a key that is refused, and fails on everything else', async () => {
    const { account, world, watch, news } = start()
    world.status = new OperatorNeededError('Renew the key.', { code: 'wasender.unauthorized' })
    await watch.session(account)
    await watch.session(account)
    expect(news()).toMatchObject([{ is: 'needed', reason: 'Renew the key.' }])
    world.status = new TransientError('Away.', { code: 'wasender.unavailable' })
    await expect(watch.session(account)).rejects.toThrow('Away.')
  })
})
