import { BridgeError } from '../errors.ts'
import { acknowledged } from './api/acknowledged.ts'
import type { Api } from './api/api.ts'
import { pageOf } from './api/page.ts'
import { path } from './api/path.ts'
import { createSessionLinking } from './session-linking.ts'
import { createSessionLogs } from './session-logs.ts'
import { changedSession, session } from './session-schema.ts'
import { type NewSession, type SessionSettings, settingsBody } from './session-settings.ts'

const sessionList = pageOf(session).transform((page) => page.items)

const get = { method: 'get', effect: 'repeatable' } as const

export type Sessions = ReturnType<typeof createSessions>

/**
 * Every session of the WasenderAPI account, by the personal access token (docs/platforms/wasender.md#session-routes).
 * The three passkey routes without a token are the browser helper's, and `/decrypted-media` is a plain download.
 */
export function createSessions({ api }: { api: Api }) {
  return {
    ...createSessionLinking({ api }),
    ...createSessionLogs({ api }),

    list: () => api({ ...get, operation: 'list-sessions', path: 'whatsapp-sessions' }, sessionList),

    /** Not repeatable: a second one would be a second session. */
    create: (settings: NewSession) =>
      api(
        {
          operation: 'create-session',
          method: 'post',
          path: 'whatsapp-sessions',
          json: settingsBody(settings),
          effect: 'once',
        },
        session,
      ),

    /** With `apiKey` and `webhookSecret`. */
    get: (id: number) =>
      api({ ...get, operation: 'get-session', path: path`whatsapp-sessions/${id}` }, session),

    /** A `warning` in the result means that the webhook is not live. */
    update: (id: number, settings: Partial<SessionSettings>) =>
      api(
        {
          operation: 'update-session',
          method: 'put',
          path: path`whatsapp-sessions/${id}`,
          json: settingsBody(settings),
          effect: 'repeatable',
        },
        changedSession,
      ),

    /** Its API key stops working. */
    remove: (id: number) =>
      api(
        {
          operation: 'delete-session',
          method: 'delete',
          path: path`whatsapp-sessions/${id}`,
          effect: 'repeatable',
        },
        acknowledged,
      ),

    /** Whether the personal access token is valid. */
    authCheck: async (): Promise<boolean> => {
      try {
        await api({ ...get, operation: 'auth-check', path: 'auth-check' }, acknowledged)
        return true
      } catch (error) {
        if (error instanceof BridgeError && error.code === 'wasender.unauthorized') return false
        throw error
      }
    },
  }
}
