import type { MiddlewareHandler } from 'hono'
import { verifyToken } from '../chatwoot/webhook.ts'

/** Lets only those in who send `Authorization: Bearer <token>`; compared in constant time. */
export function requireToken(token: string): MiddlewareHandler {
  return async (c, next) => {
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
    if (verifyToken(bearer, token)) return next()
    c.header('WWW-Authenticate', 'Bearer')
    return c.json({ error: 'The admin token is missing or wrong.' }, 401)
  }
}
