import { Hono } from 'hono'
import type { Faults } from '../faults.ts'
import { accountRoutes } from './account.ts'
import { requirePersonalToken, requireSessionKey } from './auth.ts'
import { contactRoutes, lookupRoutes } from './contacts.ts'
import type { GroupEvents } from './group-events.ts'
import { groupMemberRoutes } from './group-members.ts'
import { groupRoutes } from './groups.ts'
import { type Env, noRoute } from './http.ts'
import { decryptRoutes, fileRoutes } from './media.ts'
import { messageRoutes } from './messages.ts'
import type { OwnChanges } from './own-changes.ts'
import { presenceRoutes } from './presence.ts'
import { sendRoutes } from './send-routes.ts'
import type { Sending } from './sending.ts'
import { sessionActionRoutes } from './session-actions.ts'
import type { SessionLife } from './session-life.ts'
import { sessionRoutes } from './sessions.ts'
import type { World } from './state.ts'
import { uploadRoutes } from './upload.ts'

export type ApiParts = World & {
  faults: Faults
  personalAccessToken: string
  life: SessionLife
  sending: Sending
  ownChanges: OwnChanges
  groupEvents: GroupEvents
}

/** The HTTP API under `/api`, and the files under `/media` and `/v` (docs/platforms/wasender.md#routes). */
export function createApi(parts: ApiParts): Hono<Env> {
  const { calls, faults, sessions } = parts
  const app = new Hono<Env>()
  app.use('/api/*', calls.record, faults.middleware, calls.mark)
  app.use('/v/*', faults.middleware)
  app.route('/', fileRoutes(parts))
  const token = requirePersonalToken(parts.personalAccessToken)
  app.use('/api/whatsapp-sessions/*', token)
  app.use('/api/auth-check', token)
  app.route('/api', sessionRoutes(parts))
  app.route('/api', sessionActionRoutes(parts))
  // Everything registered below this line wants the key of a session.
  app.use('/api/*', requireSessionKey(sessions))
  const keyed = [
    accountRoutes(),
    sendRoutes(parts),
    messageRoutes(parts),
    presenceRoutes(parts),
    uploadRoutes(parts),
    decryptRoutes(parts),
    contactRoutes(parts),
    lookupRoutes(parts),
    groupRoutes(parts),
    groupMemberRoutes(parts),
  ]
  for (const routes of keyed) app.route('/api', routes)
  app.notFound((c) => noRoute(c))
  return app
}
