import { describe, expect, it, vi } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import type { Direction, Entry } from '../../queue/entry.ts'
import type { WaitingLane } from '../../queue/waiting-lanes.ts'
import type { AdminOptions } from './admin.ts'
import type { QueuesView } from './queue-routes.ts'
import { browser, fakeAdmin, NOW, sales, TOKEN } from './testing/fake-admin.ts'

const entry: Entry = {
  id: '1.1',
  receivedAt: NOW - 60_000,
  attempts: 0,
  event: { type: 'message', content: 'secret words' },
}

function waitingLane(
  direction: Direction,
  head: Partial<Entry> | undefined = {},
  more: Partial<WaitingLane> = {},
): WaitingLane {
  return {
    lane: { direction, account: sales.id, key: 'pn:15550001111' },
    entries: 2,
    oldest: NOW - 60_000,
    isInHand: false,
    head: { ...entry, ...head },
    ...more,
  }
}

function options(found: WaitingLane[], lanes = found.length) {
  const page = vi.fn(async () => found)
  const given: Partial<AdminOptions> = {
    waiting: async (accounts) =>
      accounts.map((account) => ({ account, direction: 'out', count: 7, oldest: NOW - 60_000 })),
    waitingLanes: {
      count: async (groups) => groups.map((group) => ({ ...group, lanes, inHand: 1 })),
      oldest: async () => found,
      page,
    },
  }
  return { given, page }
}

const ask = async (given: Partial<AdminOptions>, query = '') => {
  const headers = { Authorization: `Bearer ${TOKEN}` }
  const answer = await fakeAdmin(given).app.request(`/api/queues${query}`, { headers })
  return { status: answer.status, body: (await answer.json()) as QueuesView }
}
const waitsFor = async (lane: WaitingLane, more: Partial<AdminOptions> = {}) => {
  const { body } = await ask({ ...options([lane]).given, ...more })
  return body.lanes[0]?.waitsFor
}
const down = { sessionDownSince: async () => NOW - 5_000 }
const since = new Date(NOW - 5_000).toISOString()
const closed = { ...sales, chatwootBreaker: { isOpen: () => true } } as unknown as Account

describe('what waits, in the admin API', () => {
  it('is told by account and way, with the age of the oldest and what failed', async () => {
    const failures = { list: async () => ({ failures: [] }), get: async () => undefined }
    const { given } = options([waitingLane('out')])
    const { body } = await ask({ ...given, failures: { ...failures, count: async () => 3 } })
    expect(body.queues).toHaveLength(3)
    expect(body.queues).toContainEqual({
      account: 'sales',
      direction: 'out',
      lanes: 1,
      entries: 7,
      oldestSeconds: 60,
      inHand: 1,
      waitsFor: null,
      failures: 3,
    })
    expect(body.lanes).toEqual([
      {
        account: 'sales',
        direction: 'out',
        chat: 'number …1111',
        entries: 2,
        oldestAt: new Date(NOW - 60_000).toISOString(),
        inHand: false,
        waitsFor: [{ what: 'turn' }],
      },
    ])
  })

  it('says what a lane waits for', async () => {
    const at = new Date(NOW + 1_000).toISOString()
    const soon = { notBefore: NOW + 1_000 }
    expect(await waitsFor(waitingLane('in', soon))).toEqual([{ what: 'earlier', at }])
    expect(await waitsFor(waitingLane('in', { ...soon, attempts: 2 }))).toEqual([
      { what: 'retry', at, attempts: 2 },
    ])
    expect(await waitsFor(waitingLane('in', { notBefore: NOW }))).toEqual([{ what: 'turn' }])
    expect(await waitsFor(waitingLane('in', {}, { head: undefined }))).toEqual([
      { what: 'readable' },
    ])
    expect(await waitsFor(waitingLane('in', soon, { isInHand: true }))).toEqual([])
  })

  it('says when the platform a lane needs is away, and only then', async () => {
    expect(await waitsFor(waitingLane('out'), down)).toEqual([{ what: 'session', since }])
    expect(await waitsFor(waitingLane('in'), down)).toEqual([{ what: 'turn' }])
    const chatwoot = { accounts: [closed] }
    expect(await waitsFor(waitingLane('in'), chatwoot)).toEqual([{ what: 'chatwoot' }])
    expect(await waitsFor(waitingLane('status'), chatwoot)).toEqual([{ what: 'chatwoot' }])
    expect(await waitsFor(waitingLane('out'), chatwoot)).toEqual([{ what: 'turn' }])
  })

  it('has pages for one account one way', async () => {
    const { given, page } = options([waitingLane('out')], 120)
    const { body } = await ask(given, '?account=sales&direction=out&cursor=50')
    expect(page).toHaveBeenCalledWith(expect.objectContaining({ direction: 'out' }), 50, 50)
    expect(body.cursor).toBe(100)
    const last = await ask(given, '?account=sales&direction=out&cursor=100&limit=20')
    expect(last.body.cursor).toBeNull()
  })

  it.each([
    '?account=other',
    '?direction=up',
    '?limit=501',
    '?cursor=50',
    '?cursor=-1&account=sales',
  ])('refuses %s', async (query) => {
    expect((await ask({}, query)).status).toBe(400)
  })
})

describe('the page of the queues', () => {
  const text = async (given: Partial<AdminOptions>, query = '') => {
    const user = browser(fakeAdmin(given).app)
    await user.signIn()
    return user.text(`/queues${query}`)
  }

  it('says that nothing waits', async () => {
    expect(await text({})).toContain('Nothing waits, and nothing has failed.')
  })

  it('shows what waits and for what, and neither a text nor a number', async () => {
    const retry = { notBefore: NOW + 90_000, attempts: 2 }
    const page = await text({ ...options([waitingLane('out', retry)]).given, ...down })
    expect(page).toContain('number …1111')
    expect(page).toContain(
      'the WhatsApp session, which has been down since 2026-11-22 11:59:55 UTC',
    )
    expect(page).toMatch(/a retry at <time[^>]*>12:01 UTC<\/time>, after 2 failed attempts/)
    expect(page).not.toMatch(/secret|15550001111/)
  })

  it('leads to what failed, and through the lanes of one account one way', async () => {
    const count = vi.fn(async () => 3)
    const failures = { list: async () => ({ failures: [] }), get: async () => undefined, count }
    const { given, page } = options([waitingLane('out')], 60)
    const shown = await text({ ...given, failures }, '?account=sales&direction=out&cursor=25')
    expect(shown).toContain('href="/admin/failures?account=sales&amp;direction=out"')
    expect(shown).toContain('href="/admin/queues?account=sales&amp;direction=out&amp;cursor=50"')
    expect(shown).toContain('Lanes 26 to 26')
    expect(page).toHaveBeenCalledWith(expect.objectContaining({ direction: 'out' }), 25, 25)
  })

  it('shows everything when its address makes no sense', async () => {
    const { given, page } = options([waitingLane('out')])
    const shown = await text(given, '?account="><script>&direction=up&cursor=-4')
    expect(shown).toContain('The lanes that have waited longest')
    expect(shown).not.toContain('"><script>')
    expect(page).not.toHaveBeenCalled()
  })

  it('comes back by itself when Redis was away', async () => {
    const waiting = async () => {
      throw new Error('Connection is closed.')
    }
    const user = browser(fakeAdmin({ waiting, accounts: [sales] }).app)
    await user.signIn()
    const answer = await user.ask('/queues')
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('live.js')
  })
})
