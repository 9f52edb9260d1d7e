import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { verifyToken } from '../../../platforms/chatwoot/webhook.ts'
import type { AdminSession, AdminSessions } from './admin-session.ts'

/** Handlers behind the sign-in page know whose request it is. */
export type SignedIn = { Variables: { adminSession: AdminSession } }

export const COOKIE = 'wasender-chatwoot-admin'
/** Where scripts put the form token; forms have a field of this name in lower case. */
const FORM_TOKEN_HEADER = 'X-CSRF-Token'
export const FORM_TOKEN_FIELD = 'csrf'

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

export type RequireSignInDeps = {
  token: string
  adminSessions: AdminSessions
  isOwnOrigin: IsOwnOrigin
  /** Somebody came without the token, or with a wrong one. */
  onRefused: () => void
}

/** Lets those in who send `Authorization: Bearer <token>`, in constant time, or whose browser has signed in. */
export function requireSignInForApi({
  token,
  adminSessions,
  isOwnOrigin,
  onRefused,
}: RequireSignInDeps): MiddlewareHandler {
  return async (c, next) => {
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
    if (verifyToken(bearer, token)) return next()
    const adminSession = await adminSessions.read(getCookie(c, COOKIE))
    if (bearer === undefined && adminSession !== undefined) {
      const given = c.req.header(FORM_TOKEN_HEADER)
      const isSafe = READS.has(c.req.method)
      if (isSafe || (isOwnOrigin(c) && adminSessions.isFormToken(adminSession, given)))
        return next()
      return c.json({ error: `A change needs the header ${FORM_TOKEN_HEADER}.` }, 403)
    }
    onRefused()
    c.header('WWW-Authenticate', 'Bearer')
    return c.json({ error: 'The admin token is missing or wrong.' }, 401)
  }
}

export type RequireSignInForPagesDeps = Pick<RequireSignInDeps, 'adminSessions' | 'isOwnOrigin'> & {
  /** Answers a form of another site, or one that was open for too long. */
  refuse: (c: Context) => Response | Promise<Response>
}

/** Lets those in whose browser has signed in, and forms only from our own pages; the others are asked to sign in. */
export function requireSignInForPages(
  deps: RequireSignInForPagesDeps,
): MiddlewareHandler<SignedIn> {
  const { adminSessions, isOwnOrigin, refuse } = deps
  return async (c, next) => {
    const adminSession = await adminSessions.read(getCookie(c, COOKIE))
    if (adminSession === undefined) return toSignIn(c)
    c.set('adminSession', adminSession)
    if (READS.has(c.req.method)) return next()
    const given = (await c.req.parseBody())[FORM_TOKEN_FIELD]
    const isOurs = isOwnOrigin(c) && adminSessions.isFormToken(adminSession, String(given))
    return isOurs ? next() : refuse(c)
  }
}

function toSignIn(c: Context): Response {
  if (c.req.header('Accept') === 'text/event-stream') return c.body(null, 401)
  const { pathname, search } = new URL(c.req.url)
  const back = c.req.method === 'GET' ? `?next=${encodeURIComponent(pathname + search)}` : ''
  return c.redirect(`/admin/sign-in${back}`, 303)
}

/**
 * Whether a request comes from one of our own pages: served as the proxy in front calls us, or as we were asked.
 * A browser sends `Sec-Fetch-Site` or `Origin` along with every change.
 */
type IsOwnOrigin = (c: Context) => boolean

export function createIsOwnOrigin(publicUrl: string): IsOwnOrigin {
  const publicOrigin = new URL(publicUrl).origin
  return (c) => {
    const site = c.req.header('Sec-Fetch-Site')
    if (site !== undefined) return site === 'same-origin'
    const origin = c.req.header('Origin')
    return origin === publicOrigin || origin === new URL(c.req.url).origin
  }
}
