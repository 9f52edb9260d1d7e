import { Hono } from 'hono'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { ContactsForget } from '../../contacts-forget/contacts-forget.ts'
import type { Failures } from '../../delivery/failures/failures.ts'
import type { RetryFailures } from '../../delivery/failures/retry-failures.ts'
import { BridgeError } from '../../errors.ts'
import { awayReason } from '../../redis/away.ts'
import type { SessionControl } from '../../session/session-control.ts'
import type { ListSetAside } from '../../set-aside/list-set-aside.ts'
import type { AccountViews } from '../account-view.ts'
import type { Look } from '../find-messages.ts'
import type { Health } from '../health.ts'
import type { PlatformLooks } from '../platform-looks.ts'
import { type AdmitToPagesDeps, admitToPages, type SignedIn } from '../sign-in/admit.ts'
import { createSignInRoutes, type SignInDeps, signOut } from '../sign-in/sign-in-routes.ts'
import type { Traffic } from '../traffic.ts'
import { createAccountPage } from './account-page.ts'
import { createAssetRoutes } from './asset-routes.ts'
import { createFailureForms } from './failure-forms.ts'
import { failurePage } from './failure-page.ts'
import { createFailuresPage, failureQuery } from './failures-page.ts'
import { createLivePage, framed, type LivePageDeps } from './live-page.ts'
import { createMessagesPage, messageQuery } from './messages-page.ts'
import { createOverview } from './overview.ts'
import { html } from './parts/html.ts'
import { createPeoplePage } from './people-page.ts'
import { sayPage } from './say-page.ts'
import { pageHeaders } from './security-headers.ts'
import { createSessionForms } from './session-forms.ts'
import { createSessionPanel } from './session-panel.ts'
import { REDIS_AWAY } from './verdict.ts'

export type PagesDeps = {
  signIn: SignInDeps
  refuse: AdmitToPagesDeps['refuse']
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
  publicUrl: string
  clock: Clock
}

/** What an admin sees in a browser, below `/admin`. */
export function createPages(deps: PagesDeps): Hono<SignedIn> {
  const { signIn, live, accounts, retryFailures, sessions, looks, forget } = deps
  const { tickets, notices } = live
  const app = new Hono<SignedIn>()
  app.use('*', pageHeaders)
  app.route('/assets', createAssetRoutes())
  app.route('/sign-in', createSignInRoutes(signIn))
  app.use('*', admitToPages({ tickets, isOwnOrigin: signIn.isOwnOrigin, refuse: deps.refuse }))
  app.post('/sign-out', (c) => signOut(c, signIn))
  addReads(app, deps)
  const ids = accounts.map(({ id }) => id)
  app.route('/failures', createFailureForms({ accounts: ids, retryFailures, notices }))
  app.route('/accounts', createSessionForms({ accounts, sessions, looks, notices }))
  app.route('/people', createPeoplePage({ accounts: ids, forget, tickets, notices }))
  app.all('*', (c) => {
    return c.html(sayPage({ title: 'Not found', text: 'There is nothing here (any more).' }), 404)
  })
  app.onError((error, c) => {
    const away =
      awayReason(error) === undefined ? undefined : `${REDIS_AWAY} Try again once it answers.`
    const text = error instanceof BridgeError ? error.message : away
    if (text === undefined) throw error
    const title = 'That did not work'
    const isPage = c.req.method === 'GET' && c.get('ticket') !== undefined
    if (!isPage) return c.html(sayPage({ title, text }), 503)
    return c.html(framed(c, { title, content: html`<h1>${title}</h1><p>${text}</p>` }, live), 503)
  })
  return app
}

function addReads(app: Hono<SignedIn>, deps: PagesDeps): void {
  const { accounts, views, health, failures, journal, traffic, listSetAside, clock } = deps
  const { tickets } = deps.live
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
  const messagesPage = createMessagesPage({ accounts: ids, journal, clock })

  app.get('/', live(overview))
  app.get(
    '/accounts/:id',
    live(async (c) => {
      const account = accounts.find(({ id }) => id === c.req.param('id'))
      return account && accountPage(account, tickets.formToken(c.get('ticket')))
    }),
  )
  app.get(
    '/failures',
    live((c) =>
      failuresPage(failureQuery.parse(c.req.query()), tickets.formToken(c.get('ticket'))),
    ),
  )
  app.get(
    '/failures/:id',
    live(async (c) => {
      const failure = await failures.get(c.req.param('id') ?? '')
      return failure && failurePage(failure, tickets.formToken(c.get('ticket')), clock)
    }),
  )
  app.get(
    '/messages',
    live((c) => messagesPage(messageQuery.parse(c.req.query()))),
  )
}
