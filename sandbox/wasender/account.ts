import { Hono } from 'hono'
import { lidJid, pnJid } from './addresses.ts'
import { ownDigits } from './group-registry.ts'
import { type Env, ok } from './http.ts'

/** What a session key tells about its own session (docs/platforms/wasender.md#session-routes). */
export function accountRoutes(): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/status', (c) => c.json({ status: c.get('session').status }))
  app.get('/user', (c) => {
    const session = c.get('session')
    // Our own ids come with a device number, as WhatsApp writes them for the account itself.
    return ok(c, {
      id: pnJid(`${ownDigits(session)}:12`),
      name: session.name,
      lid: lidJid(`${session.lid}:12`),
    })
  })
  return app
}
