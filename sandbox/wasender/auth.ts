import type { MiddlewareHandler } from 'hono'
import { deny, type Env } from './http.ts'
import type { Sessions } from './session-registry.ts'

const bearer = (header: string | undefined) => /^Bearer\s+(.+)$/i.exec(header ?? '')?.[1]?.trim()

/** Session routes: the key of a session, nothing else (docs/platforms/wasender.md#tokens). */
export function requireSessionKey(sessions: Sessions): MiddlewareHandler<Env> {
  return async (c, next) => {
    const token = bearer(c.req.header('authorization'))
    if (token === undefined) return deny(c, 401, 'API key is required')
    const session = sessions.findByKey(token)
    if (session === undefined) return deny(c, 401, 'Invalid API key')
    c.set('session', session)
    return await next()
  }
}

/** Account routes: the personal access token. The odd word is the platform's. */
export function requirePersonalToken(token: string): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (bearer(c.req.header('authorization')) !== token) return deny(c, 401, 'Unnotarized')
    return await next()
  }
}

/** Behind `requireSessionKey`: only a connected session may do it. */
export const requireConnected: MiddlewareHandler<Env> = async (c, next) => {
  if (c.get('session').status !== 'connected') {
    const text = 'Your Whatsapp Session is not connected please connect your session first.'
    return deny(c, 400, text)
  }
  return await next()
}
