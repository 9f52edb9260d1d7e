import { getConnInfo } from '@hono/node-server/conninfo'
import type { Queue } from 'bullmq'
import { type Context, Hono } from 'hono'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ContactsForget } from '../contacts-forget/contacts-forget.ts'
import type { RunningImports } from '../contacts-import/running-imports.ts'
import type { Failures } from '../delivery/failures/failures.ts'
import type { RetryFailures } from '../delivery/failures/retry-failures.ts'
import type { Waiting } from '../delivery/lanes/lanes.ts'
import type { Limits } from '../delivery/outages/limits.ts'
import type { ReadinessCheck } from '../http/health-routes.ts'
import type { OpenLids } from '../identity/open-lids.ts'
import type { AccountId } from '../ids.ts'
import type { SessionControl } from '../session/session-control.ts'
import type { ListSetAside } from '../set-aside/list-set-aside.ts'
import { type AccountViews, createAccountViews } from './account-view.ts'
import { createAdminApi } from './admin-api.ts'
import { limitBodies } from './body-limit.ts'
import type { Look } from './find-messages.ts'
import { createHealth } from './health.ts'
import { keptByNobody } from './kept-by-nobody.ts'
import { createNotices } from './pages/notices.ts'
import { createPages } from './pages/pages.ts'
import { sayPage } from './pages/say-page.ts'
import { createPlatformLooks, type PlatformLooks } from './platform-looks.ts'
import { createQueueBoard } from './queue-board.ts'
import { createAttempts } from './sign-in/attempts.ts'
import type { EndedSignIns } from './sign-in/ended-sign-ins.ts'
import { createIsOwnOrigin } from './sign-in/own-origin.ts'
import { createTickets } from './sign-in/tickets.ts'
import type { Traffic } from './traffic.ts'

export type AdminOptions = {
  /** Why nothing of an account moves, in words; `undefined` while all does. */
  pausedReason: (account: Account) => Promise<string | undefined>
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
  queues: readonly Queue[]
  clock: Clock
  onError: (error: unknown) => void
  /** Who asks, for the limit on sign-ins; the address of the connection when absent. */
  addressOf?: (c: Context) => string
  /** Milliseconds between two looks while somebody has a page open. */
  refreshMs?: number
}

/** Everything below `/admin`: the API, the pages and the board of the queues. */
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
  const tickets = createTickets({ token, clock, ended: options.ended })
  const isOwnOrigin = createIsOwnOrigin(publicUrl)
  const refuse = (c: Context) => c.html(sayPage(FOREIGN), 403)
  const app = new Hono()
  app.use('*', keptByNobody, limitBodies)
  app.route(
    '/api',
    createAdminApi({
      admit: { token, tickets, isOwnOrigin, onRefused },
      accounts,
      views,
      sessions,
      imports,
      failures,
      retryFailures,
      forget,
      journal,
      listSetAside,
    }),
  )
  app.route('/queues', createQueueBoard({ queues: options.queues, tickets, isOwnOrigin, refuse }))
  app.route(
    '/',
    createPages({
      signIn: {
        token,
        tickets,
        isOwnOrigin,
        onRefused,
        attempts: createAttempts({ clock }),
        addressOf,
        isSecure: new URL(publicUrl).protocol === 'https:',
      },
      refuse,
      live: { tickets, notices: createNotices(), closing: closing.signal, refreshMs, onError },
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
