import type { Context } from 'hono'
import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { verifyToken } from '../../chatwoot/webhook.ts'
import { signInPage } from '../pages/sign-in-page.ts'
import { type AdmitDeps, COOKIE } from './admit.ts'
import type { Attempts } from './attempts.ts'
import { SIGNED_IN_MS } from './tickets.ts'

export type SignInDeps = AdmitDeps & {
  attempts: Attempts
  /** Who tries: the address of the connection. */
  addressOf: (c: Context) => string
  /** The bridge is reached by https, so the cookie must never travel without. */
  isSecure: boolean
}

/** `/sign-in`: the form that takes the admin token and hands out the cookie (design section 3). */
export function createSignInRoutes(deps: SignInDeps): Hono {
  const { token, tickets, attempts, addressOf, isSecure } = deps
  const cookie = { path: '/admin', httpOnly: true, sameSite: 'Strict', secure: isSecure } as const
  const app = new Hono()

  app.get('/', (c) => {
    const next = nextPage(c.req.query('next'))
    if (tickets.read(getCookie(c, COOKIE)) !== undefined) return c.redirect(next, 303)
    return c.html(signInPage({ next }))
  })

  app.post('/', async (c) => {
    const form = await c.req.parseBody()
    const next = nextPage(form.next)
    if (!deps.isOwnOrigin(c)) {
      return c.html(signInPage({ next, problem: 'The form came from another site.' }), 403)
    }
    const waitMs = attempts.take(addressOf(c))
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000)
      c.header('Retry-After', String(seconds))
      const problem = `Too many attempts. Try again in ${seconds} seconds.`
      return c.html(signInPage({ next, problem }), 429)
    }
    const given = typeof form.token === 'string' ? form.token.trim() : ''
    if (!verifyToken(given, token)) {
      const problem = 'That is not the admin token. It is server.adminToken of the configuration.'
      return c.html(signInPage({ next, problem }), 401)
    }
    attempts.forgive(addressOf(c))
    setCookie(c, COOKIE, tickets.issue(), { ...cookie, maxAge: SIGNED_IN_MS / 1000 })
    return c.redirect(next, 303)
  })
  return app
}

/** Ends a sign-in, also for whoever may have copied the cookie. */
export function signOut(c: Context, { tickets, isSecure }: SignInDeps): Response {
  const ticket = tickets.read(getCookie(c, COOKIE))
  if (ticket !== undefined) tickets.end(ticket)
  deleteCookie(c, COOKIE, { path: '/admin', secure: isSecure })
  return c.redirect('/admin/sign-in', 303)
}

/** Only our own pages: an address that leads elsewhere would make the sign-in a lure. */
function nextPage(given: unknown): string {
  return typeof given === 'string' && /^\/admin(?:[/?][\w\-./?=&%]*)?$/.test(given)
    ? given
    : '/admin'
}
