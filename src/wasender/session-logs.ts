import type { Api } from './api/api.ts'
import { type PageQuery, pageOf } from './api/page.ts'
import { path } from './api/path.ts'
import { type LogStatus, messageLog, sessionLog } from './session-log-schema.ts'

const messageLogs = pageOf(messageLog)
const sessionLogs = pageOf(sessionLog)

/** What the gateway has written down about a session (docs/platforms/wasender.md#session-routes). */
export function createSessionLogs({ api }: { api: Api }) {
  return {
    /**
     * Messages sent through the API. Without `log_messages` there is neither content nor number.
     */
    messageLogs: (id: number, query: PageQuery & { status?: LogStatus } = {}) =>
      api(
        {
          operation: 'session-message-logs',
          method: 'get',
          path: path`whatsapp-sessions/${id}/message-logs`,
          search: { page: query.page, per_page: query.perPage, status: query.status },
          effect: 'repeatable',
        },
        messageLogs,
      ),

    sessionLogs: (id: number, query: PageQuery = {}) =>
      api(
        {
          operation: 'session-logs',
          method: 'get',
          path: path`whatsapp-sessions/${id}/session-logs`,
          search: { page: query.page, per_page: query.perPage },
          effect: 'repeatable',
        },
        sessionLogs,
      ),
  }
}
