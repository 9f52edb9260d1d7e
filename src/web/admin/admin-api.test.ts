import type { Hono } from 'hono'
import { Registry } from 'prom-client'
import { describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../kernel/log.ts'
import type { FailurePage } from '../../queue/dead-letters/failures.ts'
import { createHttpApp } from '../http/app.ts'
import type { AdminOptions } from './admin.ts'
import { broken, fakeAdmin, sales, TOKEN } from './testing/fake-admin.ts'

const clock = { now: () => 10_000 }

function appWith(admin: Hono | undefined): Hono {
  const ingest = async () => ({ event: '', result: 'ignored' }) as const
  return createHttpApp({
    accounts: new Map(),
    ingestWasender: ingest,
    ingestChatwoot: ingest,
    onWebhook: () => {},
    checks: [],
    registry: new Registry(),
    clock,
    log: createLogger({ level: 'silent' }),
    admin,
  })
}

const never = new Promise<never>(() => undefined)

function adminApi(given: { failures?: Partial<AdminOptions['failures']> } = {}): Hono {
  const failures = { list: async () => ({ failures: [] }), get: async () => undefined }
  return fakeAdmin({
    accounts: [broken],
    failures: { ...failures, count: async () => 2, ...given.failures },
    sessions: { state: () => never } as unknown as AdminOptions['sessions'],
    waiting: async () => [{ account: sales.id, direction: 'in', count: 3, oldest: 4_000 }],
    pausedReason: async () => 'Chatwoot is out of order.',
    clock,
  }).app
}

const ask = (app: Hono, path: string, token = TOKEN, method = 'GET') =>
  app.request(`/admin/api/${path}`, { method, headers: { Authorization: `Bearer ${token}` } })

describe('the admin API', () => {
  it('does not exist without a token in the configuration', async () => {
    expect((await ask(appWith(undefined), 'accounts')).status).toBe(404)
  })

  it.each(['', 'Bearer', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`])(
    'refuses %j',
    async (authorization) => {
      const headers = { Authorization: authorization }
      const answer = await appWith(adminApi()).request('/admin/api/accounts', { headers })
      expect(answer.status).toBe(401)
    },
  )

  it('lets nobody keep what it answers', async () => {
    const app = appWith(adminApi())
    for (const path of ['failures', 'failures/unknown', 'nothing']) {
      expect((await ask(app, path)).headers.get('Cache-Control')).toBe('no-store')
    }
  })

  it('says of a platform that does not answer that it does not, and tells the rest', async () => {
    vi.useFakeTimers()
    const asked = ask(appWith(adminApi()), 'accounts')
    await vi.advanceTimersByTimeAsync(5_000)
    vi.useRealTimers()
    expect(await (await asked).json()).toEqual({
      accounts: [
        {
          id: 'sales',
          session: { problem: 'It does not answer.', kind: 'no-answer' },
          inbox: { problem: 'Chatwoot is away.', kind: 'no-answer' },
          waiting: { in: { count: 3, oldestSeconds: 6 } },
          paused: 'Chatwoot is out of order.',
          limits: [],
          openLids: 4,
          failures: { in: 2, out: 2, status: 2 },
        },
      ],
    })
  })

  it('hands on filter, cursor and limit', async () => {
    const list = vi.fn(async (): Promise<FailurePage> => ({ failures: [], cursor: 7 }))
    const app = appWith(adminApi({ failures: { list } }))
    const answer = await ask(app, 'failures?account=sales&direction=out&cursor=9&limit=2')
    expect(await answer.json()).toEqual({ failures: [], cursor: 7 })
    expect(list).toHaveBeenCalledWith({
      accounts: ['sales'],
      direction: 'out',
      cursor: 9,
      limit: 2,
    })
  })

  it.each([
    'failures?limit=0',
    'failures?limit=1000',
    'failures?cursor=x',
    'failures?account=other',
    'messages?account=sales&msgId=1&chatwootId=2',
    'messages?msgId=1',
  ])('answers %s with what is wrong', async (path) => {
    const answer = await ask(appWith(adminApi()), path)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/\w/) })
  })

  it('does not find what is not there', async () => {
    const app = appWith(adminApi())
    expect((await ask(app, 'failures/sales.1.1')).status).toBe(404)
    expect((await ask(app, 'failures/sales.1.1/retry', TOKEN, 'POST')).status).toBe(404)
    expect((await ask(app, 'failures/sales.1.1', TOKEN, 'DELETE')).status).toBe(404)
  })
})
