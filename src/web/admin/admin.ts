import { getConnInfo } from '@hono/node-server/conninfo'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Account } from '../../accounts/account.ts'
import type { Limits } from '../../accounts/limits.ts'
import type { RetryFailures } from '../../bridge/dead-letters/retry-failures.ts'
import type { ContactsForget } from '../../bridge/forget/contacts-forget.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { RunningImports } from '../../operators/contacts-import/running-imports.ts'
import type { SessionControl } from '../../operators/session-control.ts'
import type { OpenLids } from '../../people/open-lids.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import type { Waiting } from '../../queue/lanes.ts'
import type { WaitingLanes } from '../../queue/waiting-lanes.ts'
import type { ListSetAside } from '../../state/set-aside/set-aside.ts'
import type { ReadinessCheck } from '../http/health-routes.ts'
import { type AccountViews, createAccountViews, createHealth } from './account-view.ts'
import { createAdminApi } from './admin-api.ts'
import type { Look } from './message-routes.ts'
import { sayPage } from './pages/layout.ts'
import { createNotices } from './pages/notices.ts'
import { createPages } from './pages/pages.ts'
import { createPlatformLooks, type PlatformLooks } from './platform-looks.ts'
import { createShowQueues } from './queue-routes.ts'
import { createAdminSessions, type EndedSignIns } from './sign-in/admin-session.ts'
import { createAttempts } from './sign-in/attempts.ts'
import { createIsOwnOrigin } from './sign-in/require-sign-in.ts'
import type { Traffic } from './traffic.ts'

export type AdminOptions = {
  /** Why nothing of an account moves, in words; `undefined` while all does. */
  pausedReason: (account: Account) => Promise<string | undefined>
  /** Since when the WhatsApp session is down, ms since 1970; `undefined` while it is up. */
  sessionDownSince: (account: AccountId) => Promise<number | undefined>
  retryFailures: RetryFailures
  limits: Pick<Limits, 'of'>
  openLids: Pick<OpenLids, 'count'>
  failures: Pick<Failures, 'list' | 'get' | 'count'>
  journal: Look
  /** `server.adminToken`. */
  token: string
  /** `server.publicUrl`. */
  publicUrl: string
  ended: EndedSignIns
  onRefused: () => void
  accounts: readonly Account[]
  waiting: (accounts: AccountId[]) => Promise<Waiting[]>
  sessions: SessionControl
  traffic: Traffic
  imports: RunningImports
  forget: ContactsForget
  listSetAside: ListSetAside
  checks: readonly ReadinessCheck[]
  waitingLanes: WaitingLanes
  clock: Clock
  onError: (error: unknown) => void
  /** Who asks, for the limit on sign-ins; the address of the connection when absent. */
  addressOf?: (c: Context) => string
  /** Milliseconds between two looks while somebody has a page open. */
  refreshMs?: number
}

/** Everything below `/admin`: the API and the pages. */
export type Admin = {
  app: Hono
  /** Lets nobody wait for news or an import any more, so that the server can stop. */
  close(): Promise<void>
}

const REFRESH_MS = 2_000

export function createAdmin(options: AdminOptions): Admin {
  const { token, publicUrl, accounts, failures, retryFailures, journal, sessions } = options
  const { forget, listSetAside, imports, traffic, clock, onRefused, onError } = options
  const { refreshMs = REFRESH_MS, addressOf = connectionAddress } = options
  const closing = new AbortController()
  const { looks, views } = createViews(options)
  const showQueues = createShowQueues(options)
  const adminSessions = createAdminSessions({ token, clock, ended: options.ended })
  const isOwnOrigin = createIsOwnOrigin(publicUrl)
  const door = { token, adminSessions, isOwnOrigin, onRefused }
  const app = new Hono().use('*', keptByNobody, limitBodies)
  app.route(
    '/api',
    createAdminApi({
      requireSignIn: door,
      accounts,
      views,
      sessions,
      imports,
      failures,
      retryFailures,
      forget,
      journal,
      listSetAside,
      showQueues,
    }),
  )
  app.route(
    '/',
    createPages({
      signIn: {
        ...door,
        attempts: createAttempts({ clock }),
        addressOf,
        isSecure: new URL(publicUrl).protocol === 'https:',
      },
      refuse: (c: Context) => c.html(sayPage(FOREIGN), 403),
      live: {
        adminSessions,
        notices: createNotices(),
        closing: closing.signal,
        refreshMs,
        onError,
      },
      accounts,
      views,
      health: createHealth(options.checks),
      looks,
      sessions,
      failures,
      retryFailures,
      journal,
      forget,
      traffic,
      listSetAside,
      showQueues,
      publicUrl,
      clock,
    }),
  )
  return {
    app,
    async close() {
      closing.abort()
      await imports.stop()
    },
  }
}

/** What is known of the accounts, and what both platforms say of them. */
function createViews(options: AdminOptions): { looks: PlatformLooks; views: AccountViews } {
  const { sessions, traffic, waiting, failures, limits, openLids, pausedReason, clock } = options
  const { sessionChangedAt } = traffic
  const looks = createPlatformLooks({ sessions, sessionChangedAt, clock })
  const views = createAccountViews({
    waiting,
    failures,
    limits,
    openLids,
    pausedReason,
    looks,
    clock,
  })
  return { looks, views }
}

const FOREIGN = {
  title: 'Not done',
  text: 'This form was open for too long, or came from another site. Go back, reload the page and try again.',
}

function connectionAddress(c: Context): string {
  return getConnInfo(c).remote.address ?? 'unknown'
}

/** Forms hold a token and a few words, changes through the API a few settings. */
const MOST_BYTES = 64 * 1024

/** Refuses what is larger than anything an admin sends. */
const limitBodies: MiddlewareHandler = bodyLimit({
  maxSize: MOST_BYTES,
  onError: (c) => c.json({ error: 'The body is larger than 64 KB.' }, 413, { Connection: 'close' }),
})

/**
 * Answers are for one admin's eyes: they hold codes to scan, and what messages say. Only what is the same for everybody may be
 * kept, and says so itself. A stream always says that it may, and may not.
 */
const keptByNobody: MiddlewareHandler = async (c, next) => {
  await next()
  const { headers } = c.res
  const isStream = headers.get('Content-Type')?.startsWith('text/event-stream') === true
  if (isStream || !headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
}
