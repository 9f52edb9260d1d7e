import type { Hono } from 'hono'
import type { Account } from '../../../accounts/account.ts'
import type { Kept } from '../../../bridge/forget/kept.ts'
import { TransientError } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { SessionState } from '../../../operators/session-control.ts'
import type { Failure } from '../../../queue/dead-letters/failures.ts'
import { type Admin, type AdminOptions, createAdmin } from '../admin.ts'
import { createTraffic } from '../traffic.ts'

export const TOKEN = 'a-long-random-token'
export const NOW = Date.UTC(2026, 10, 22, 12)

export const sales = {
  id: 'sales' as AccountId,
  inboxId: 3,
  baseUrls: { wasender: 'https://gateway.example.com/api', chatwoot: 'https://chat.example.com' },
  chatwoot: { inboxes: { get: async () => ({ id: 3, name: 'WhatsApp' }) } },
  chatwootBreaker: { isOpen: () => false },
} as unknown as Account

/** One whose platforms do not answer: the gateway never, Chatwoot with an error. */
export const broken = {
  ...sales,
  chatwoot: {
    inboxes: {
      get: async () => {
        throw new TransientError('Chatwoot is away.', { code: 'chatwoot.unreachable' })
      },
    },
  },
} as unknown as Account

export const failure: Failure = {
  id: 'sales.7.1',
  account: sales.id,
  direction: 'out',
  lane: 'out:sales:pn:15550001111',
  order: 1,
  code: 'wasender.invalid',
  message: 'WhatsApp refused the message.',
  failedAt: NOW - 120_000,
  entry: {
    id: '7.1',
    receivedAt: NOW - 180_000,
    attempts: 2,
    event: { type: 'message', id: 41, conversation: { id: 9 }, content: 'secret <words>' },
  },
}

export const connected: SessionState = {
  status: 'connected',
  phone: '+15550002222',
  canManage: true,
}

export const nothingKept = (account: AccountId): Kept => ({
  account,
  conversations: [],
  addresses: 0,
  messages: 0,
  waiting: 0,
  failures: 0,
  memories: 0,
})

/** Ended sign-ins in memory; several admins may share it. */
export function rememberEnded(): AdminOptions['ended'] {
  const ids = new Set<string>()
  return { has: async (id) => ids.has(id), add: async (id) => void ids.add(id) }
}

/** Everything below `/admin` over collaborators that answer at once; `given` replaces some of them. */
export function fakeAdmin(given: Partial<AdminOptions> = {}): Admin {
  const clock = given.clock ?? { now: () => NOW }
  return createAdmin({
    token: TOKEN,
    publicUrl: 'https://bridge.example.com',
    accounts: [sales],
    failures: {
      list: async () => ({ failures: [] }),
      get: async () => undefined,
      count: async () => 0,
    },
    retryFailures: {
      retry: async () => false,
      retryAll: async () => 0,
      discard: async () => false,
    },
    journal: {
      ofMessage: async () => [],
      shownBy: async () => undefined,
      byMsgId: async () => undefined,
      byKeyId: async () => undefined,
    },
    waiting: async () => [],
    forget: {
      find: async (account) => nothingKept(account),
      erase: async (account) => nothingKept(account),
    },
    pausedReason: async () => undefined,
    limits: { of: async () => [] },
    openLids: { count: async () => 4 },
    sessions: { state: async () => connected } as unknown as AdminOptions['sessions'],
    traffic: createTraffic({ clock }),
    imports: { stop: async () => {} } as unknown as AdminOptions['imports'],
    listSetAside: async () => [],
    checks: [],
    waitingLanes: { count: async () => [], oldest: async () => [], page: async () => [] },
    sessionDownSince: async () => undefined,
    clock,
    onError: (error) => {
      throw error
    },
    ended: rememberEnded(),
    onRefused: () => {},
    addressOf: () => '192.0.2.1',
    refreshMs: 5,
    ...given,
  })
}

/** A browser that knows one cookie, as far as the pages can tell. */
export function browser(app: Hono) {
  let cookie = ''
  const origin = { 'Sec-Fetch-Site': 'same-origin' }

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...origin, Cookie: cookie, ...init.headers }
    const answer = await app.request(path, { ...init, headers })
    const set = answer.headers.get('Set-Cookie')
    if (set !== null) cookie = set.split(';')[0] ?? ''
    return answer
  }
  const post = (path: string, fields: Record<string, string>, headers = {}) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })

  return {
    ask,
    post,
    cookie: () => cookie,
    text: async (path: string) => (await ask(path)).text(),
    signIn: (token = TOKEN) => post('/sign-in', { token }),
    /** The token every form of a page carries. */
    formToken: async (path = '/') =>
      /name="csrf" value="([^"]+)"/.exec(await (await ask(path)).text())?.[1] ?? '',
  }
}
