import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { verifyToken } from '../../../platforms/chatwoot/webhook.ts'
import { shell } from '../pages/layout.ts'
import { type Html, html, nothing, raw } from '../pages/parts/html.ts'
import { ownPage } from '../read-query.ts'
import { SIGNED_IN_MS } from './admin-session.ts'
import type { Attempts } from './attempts.ts'
import { COOKIE, type RequireSignInDeps } from './require-sign-in.ts'

export type SignInDeps = RequireSignInDeps & {
  attempts: Attempts
  /** Who tries: the address of the connection. */
  addressOf: (c: Context) => string
  /** The bridge is reached by https, so the cookie must never travel without. */
  isSecure: boolean
}

/** `/sign-in`: the form that takes the admin token and hands out the cookie. */
export function createSignInRoutes(deps: SignInDeps): Hono {
  const { token, adminSessions, attempts, addressOf, isSecure, onRefused } = deps
  const cookie = { path: '/admin', httpOnly: true, sameSite: 'Strict', secure: isSecure } as const
  const app = new Hono()

  function refuse(c: Context, next: string) {
    onRefused()
    const waitMs = attempts.take(addressOf(c))
    if (waitMs === 0) {
      const problem = 'That is not the admin token. It is server.adminToken of the configuration.'
      return c.html(signInPage({ next, problem }), 401)
    }
    const seconds = Math.ceil(waitMs / 1000)
    c.header('Retry-After', String(seconds))
    const problem = `Too many attempts with a wrong token. Try again in ${seconds} seconds.`
    return c.html(signInPage({ next, problem }), 429)
  }

  app.get('/', async (c) => {
    const next = ownPage(c.req.query('next'), '/admin')
    if ((await adminSessions.read(getCookie(c, COOKIE))) !== undefined) return c.redirect(next, 303)
    return c.html(signInPage({ next }))
  })

  app.post('/', async (c) => {
    const form = await c.req.parseBody()
    const next = ownPage(form.next, '/admin')
    if (!deps.isOwnOrigin(c)) {
      return c.html(signInPage({ next, problem: 'The form came from another site.' }), 403)
    }
    const given = typeof form.token === 'string' ? form.token.trim() : ''
    // The right one is never kept waiting: behind a proxy, anybody's guesses would keep the admins out.
    if (!verifyToken(given, token)) return refuse(c, next)
    attempts.forgive(addressOf(c))
    setCookie(c, COOKIE, adminSessions.issue(), { ...cookie, maxAge: SIGNED_IN_MS / 1000 })
    return c.redirect(next, 303)
  })
  return app
}

/** Ends a sign-in, also for whoever may have copied the cookie. */
export async function signOut(
  c: Context,
  { adminSessions, isSecure }: SignInDeps,
): Promise<Response> {
  const adminSession = await adminSessions.read(getCookie(c, COOKIE))
  if (adminSession !== undefined) await adminSessions.end(adminSession)
  deleteCookie(c, COOKIE, { path: '/admin', secure: isSecure })
  return c.redirect('/admin/sign-in', 303)
}

/** The form that takes the admin token. */
function signInPage({ next, problem }: { next: string; problem?: string }): Html {
  const wrong = problem !== undefined
  return shell({
    title: 'Sign in',
    body: html`<main class="sign-in" id="main">
<h1>WhatsApp bridge</h1>
<p>Sign in with the admin token of the bridge’s configuration.</p>
<form method="post" action="/admin/sign-in">
<input type="hidden" name="next" value="${next}">
<label for="token">Admin token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus
${wrong ? raw('aria-invalid="true" aria-describedby="problem"') : nothing}>
${wrong ? html`<p class="notice problem" id="problem" role="alert">${problem}</p>` : nothing}
<button class="button primary">Sign in</button>
</form>
</main>`,
  })
}
