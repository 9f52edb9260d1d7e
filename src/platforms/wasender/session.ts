import { z } from 'zod'
import type { Jid } from '../../kernel/ids.ts'
import type { Api } from './api/api.ts'
import { jid, maybe, text } from './api/fields.ts'
import { lid } from './contacts.ts'
import { parseSessionStatus, type SessionStatus } from './session-status.ts'

/** Our own side of the session. */
export type SessionUser = {
  /** Without the `:device` part. */
  jid: Jid
  lid: Jid | undefined
  name: string | undefined
}

const status = z
  .looseObject({ status: z.string() })
  .transform((found) => parseSessionStatus(found.status))

const user = z
  .looseObject({ id: jid, lid: maybe(lid), name: maybe(text) })
  .transform((found): SessionUser => ({ jid: found.id, lid: found.lid, name: found.name }))

export type OwnSession = ReturnType<typeof createOwnSession>

/** What the session API key may know about its own session (docs/platforms/wasender.md#session-routes). */
export function createOwnSession({ api }: { api: Api }) {
  return {
    status: (): Promise<SessionStatus> =>
      api(
        { operation: 'session-status', method: 'get', path: 'status', effect: 'repeatable' },
        status,
      ),

    user: (): Promise<SessionUser> =>
      api({ operation: 'session-user', method: 'get', path: 'user', effect: 'repeatable' }, user),
  }
}
