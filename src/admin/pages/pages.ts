import { Hono } from 'hono'
import type { Account } from '../../account.ts'
import type { Failures } from '../../delivery/failures/failures.ts'
import { BridgeError } from '../../errors.ts'
import { awayReason } from '../../redis/away.ts'
import type { SessionControl } from '../../session/session-control.ts'
import type { Look } from '../find-messages.ts'
import type { PlatformLooks } from '../platform-looks.ts'
import { type AdmitToPagesDeps, admitToPages, type SignedIn } from '../sign-in/admit.ts'
import { createSignInRoutes, type SignInDeps, signOut } from '../sign-in/sign-in-routes.ts'
import { createAccountPage } from './account-page.ts'
import { createAssetRoutes } from './asset-routes.ts'
import { createFailureForms, type FailureFormsDeps } from './failure-forms.ts'
import { failurePage } from './failure-page.ts'
import { createFailuresPage, failureQuery } from './failures-page.ts'
import { createLivePage, framed, type LivePageDeps } from './live-page.ts'
import { createMessagesPage, messageQuery } from './messages-page.ts'
import { createOverview, type OverviewDeps } from './overview.ts'
import { html } from './parts/html.ts'
import { createPeoplePage, type PeoplePageDeps } from './people-page.ts'
import { sayPage } from './say-page.ts'
import { pageHeaders } from './security-headers.ts'
import { createSessionForms } from './session-forms.ts'
import { createSessionPanel } from './session-panel.ts'
import { REDIS_AWAY } from './verdict.ts'

export type PagesDeps = SignInDeps &
  Pick<AdmitToPagesDeps, 'refuse'> &
  LivePageDeps &
  OverviewDeps &
  Pick<FailureFormsDeps, 'retryFailures'> &
  Pick<PeoplePageDeps, 'forget'> & {
    accounts: readonly Account[]
    failures: Pick<Failures, 'list' | 'get'>
    journal: Look
    sessions: SessionControl
    looks: PlatformLooks
    publicUrl: string
  }

/** What an admin sees in a browser, below `/admin`. */
export function createPages(deps: PagesDeps): Hono<SignedIn> {
  const app = new Hono<SignedIn>()
  app.use('*', pageHeaders)
  app.route('/assets', createAssetRoutes())
  app.route('/sign-in', createSignInRoutes(deps))
  app.use('*', admitToPages(deps))
  app.post('/sign-out', (c) => signOut(c, deps))
  addReads(app, deps)
  const ids = deps.accounts.map(({ id }) => id)
  app.route('/failures', createFailureForms({ ...deps, accounts: ids }))
  app.route('/accounts', createSessionForms(deps))
  app.route('/people', createPeoplePage({ ...deps, accounts: ids }))
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
    return c.html(framed(c, { title, content: html`<h1>${title}</h1><p>${text}</p>` }, deps), 503)
  })
  return app
}

function addReads(app: Hono<SignedIn>, deps: PagesDeps): void {
  const { accounts, failures, tickets, clock } = deps
  const ids = accounts.map(({ id }) => id)
  const live = createLivePage(deps)
  const overview = createOverview(deps)
  const accountPage = createAccountPage({ ...deps, panel: createSessionPanel(deps) })
  const failuresPage = createFailuresPage({ accounts: ids, failures, clock })
  const messagesPage = createMessagesPage({ ...deps, accounts: ids })

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
