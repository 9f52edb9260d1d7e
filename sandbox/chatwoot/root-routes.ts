import type { App } from './api.ts'
import { isUser, tokenOwner } from './auth.ts'
import { unauthorized } from './errors.ts'
import { profileJson } from './payloads-inbox.ts'
import type { World } from './state.ts'

/**
 * What lies outside any account: version, health and the token's owner (docs/platforms/chatwoot.md#version-and-health,
 * #profile-and-account).
 */
export function mountRoot(app: App, world: World): void {
  app.get('/health', (c) => c.json({ status: 'woot' }))

  app.get('/api', (c) =>
    c.json({
      version: world.version,
      timestamp: new Date(world.clock.now()).toISOString().slice(0, 19).replace('T', ' '),
      queue_services: 'ok',
      data_services: 'ok',
    }),
  )

  app.get('/api/v1/profile', (c) => {
    const owner = tokenOwner(world, c.req.raw.headers)
    if (!isUser(owner)) throw unauthorized('Access to this endpoint is not authorized for bots')
    return c.json(profileJson(world, owner))
  })
}
