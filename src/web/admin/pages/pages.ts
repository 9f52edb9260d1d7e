import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { secureHeaders } from 'hono/secure-headers'
import type { Account } from '../../../accounts/account.ts'
import type { RetryFailures } from '../../../bridge/dead-letters/retry-failures.ts'
import type { ContactsForget } from '../../../bridge/forget/contacts-forget.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { BridgeError } from '../../../kernel/errors.ts'
import type { SessionControl } from '../../../operators/session-control.ts'
import type { Failures } from '../../../queue/dead-letters/failures.ts'
import { awayReason } from '../../../state/redis/away.ts'
import type { ListSetAside } from '../../../state/set-aside/set-aside.ts'
import type { AccountViews, Health } from '../account-view.ts'
import type { Look } from '../message-routes.ts'
import type { PlatformLooks } from '../platform-looks.ts'
import type { ShowQueues } from '../queue-routes.ts'
import {
  type RequireSignInForPagesDeps,
  requireSignInForPages,
  type SignedIn,
} from '../sign-in/require-sign-in.ts'
import { createSignInRoutes, type SignInDeps, signOut } from '../sign-in/sign-in-routes.ts'
import type { Traffic } from '../traffic.ts'
import { createAccountPage } from './account-page.ts'
import {
  createFailureForms,
  createFailuresPage,
  failurePage,
  failureQuery,
} from './failures-page.ts'
import { sayPage } from './layout.ts'
import { createLivePage, framed, type LivePageDeps } from './live-page.ts'
import { createMessagesPage, messageQuery } from './messages-page.ts'
import { createOverview } from './overview.ts'
import { html } from './parts/html.ts'
import { createPeoplePage } from './people-page.ts'
import { createQueuesPage, queuesQuery } from './queues-page.ts'
import { createSessionForms } from './session-forms.ts'
import { createSessionPanel } from './session-panel.ts'
import { REDIS_AWAY } from './verdict.ts'

type PagesDeps = {
  signIn: SignInDeps
  refuse: RequireSignInForPagesDeps['refuse']
  /** What every page needs that follows what happens. */
  live: LivePageDeps
  accounts: readonly Account[]
  views: AccountViews
  health: () => Promise<Health>
  looks: PlatformLooks
  sessions: SessionControl
  failures: Pick<Failures, 'list' | 'get'>
  retryFailures: RetryFailures
  journal: Look
  forget: ContactsForget
  traffic: Traffic
  listSetAside: ListSetAside
  showQueues: ShowQueues
  publicUrl: string
  clock: Clock
}

/** What an admin sees in a browser, below `/admin`. */
export function createPages(deps: PagesDeps): Hono<SignedIn> {
  const { signIn, live, accounts, retryFailures, sessions, looks, forget } = deps
  const { adminSessions, notices } = live
  const app = new Hono<SignedIn>()
  app.use('*', pageHeaders)
  app.route('/assets', createAssetRoutes())
  app.route('/sign-in', createSignInRoutes(signIn))
  app.use(
    '*',
    requireSignInForPages({ adminSessions, isOwnOrigin: signIn.isOwnOrigin, refuse: deps.refuse }),
  )
  app.post('/sign-out', (c) => signOut(c, signIn))
  addReads(app, deps)
  const ids = accounts.map(({ id }) => id)
  app.route('/failures', createFailureForms({ accounts: ids, retryFailures, notices }))
  app.route('/accounts', createSessionForms({ accounts, sessions, looks, notices }))
  app.route('/people', createPeoplePage({ accounts: ids, forget, adminSessions, notices }))
  app.all('*', (c) => {
    return c.html(sayPage({ title: 'Not found', text: 'There is nothing here (any more).' }), 404)
  })
  app.onError((error, c) => {
    const away =
      awayReason(error) === undefined ? undefined : `${REDIS_AWAY} Try again once it answers.`
    const text = error instanceof BridgeError ? error.message : away
    if (text === undefined) throw error
    const title = 'That did not work'
    const isPage = c.req.method === 'GET' && c.get('adminSession') !== undefined
    if (!isPage) return c.html(sayPage({ title, text }), 503)
    return c.html(framed(c, { title, content: html`<h1>${title}</h1><p>${text}</p>` }, live), 503)
  })
  return app
}

function addReads(app: Hono<SignedIn>, deps: PagesDeps): void {
  const { accounts, views, health, failures, journal, traffic, listSetAside, clock } = deps
  const { adminSessions } = deps.live
  const ids = accounts.map(({ id }) => id)
  const live = createLivePage(deps.live)
  const overview = createOverview({ accounts, views, health, traffic, listSetAside, clock })
  const panel = createSessionPanel({ sessions: deps.sessions })
  const { publicUrl } = deps
  const accountPage = createAccountPage({
    views,
    health,
    failures,
    traffic,
    panel,
    publicUrl,
    clock,
  })
  const failuresPage = createFailuresPage({ accounts: ids, failures, clock })
  const queuesPage = createQueuesPage({ accounts: ids, showQueues: deps.showQueues, clock })
  const messagesPage = createMessagesPage({ accounts: ids, journal, clock })

  app.get('/', live(overview))
  app.get(
    '/accounts/:id',
    live(async (c) => {
      const account = accounts.find(({ id }) => id === c.req.param('id'))
      return account && accountPage(account, adminSessions.formToken(c.get('adminSession')))
    }),
  )
  app.get(
    '/failures',
    live((c) =>
      failuresPage(
        failureQuery.parse(c.req.query()),
        adminSessions.formToken(c.get('adminSession')),
      ),
    ),
  )
  app.get(
    '/failures/:id',
    live(async (c) => {
      const failure = await failures.get(c.req.param('id') ?? '')
      return failure && failurePage(failure, adminSessions.formToken(c.get('adminSession')), clock)
    }),
  )
  app.get(
    '/messages',
    live((c) => messagesPage(messageQuery.parse(c.req.query()))),
  )
  app.get(
    '/queues',
    live((c) => queuesPage(queuesQuery.parse(c.req.query()))),
  )
}

const FOLDER = join(import.meta.dirname, 'assets')

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Styles and scripts of the pages, for everybody: the sign-in page needs them, and they tell nothing. */
function createAssetRoutes(): Hono {
  const app = new Hono()
  app.use('*', etag())
  for (const name of readdirSync(FOLDER)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const bytes = new Uint8Array(readFileSync(join(FOLDER, name)))
    // Asked for again each time, answered with 304 while it is the same: an update shows at once.
    const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache' }
    app.get(`/${name}`, (c) => c.body(bytes, 200, headers))
  }
  return app
}

/** Nothing but our own files, no script or style inside a page, nobody's frame. */
const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // Without a referrer a browser hides the origin of our own forms, too.
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  // Whether there is only https is the business of the proxy in front.
  strictTransportSecurity: false,
})
