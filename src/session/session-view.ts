import { maskText } from '../wasender/api/mask.ts'
import type { MessageLog, SessionLog } from '../wasender/session-log-schema.ts'
import type { Session } from '../wasender/session-schema.ts'

/** A session without its two credentials. Settings the gateway does not tell are null. */
export function sessionView(session: Session) {
  const { apiKey, webhookSecret, ...rest } = session
  const known = Object.entries(rest).map(([name, value]) => [name, value ?? null])
  return Object.fromEntries(known) as SessionView
}

/** A session as the admin API and the command line show it. */
export type SessionView = {
  [Name in keyof Omit<Session, 'apiKey' | 'webhookSecret'>]-?: Exclude<
    Session[Name],
    undefined
  > | null
} & Pick<Session, 'id' | 'status'>

/** What happened to a session. Times are ISO 8601. */
export function sessionLogView({ id, event, status, at }: SessionLog) {
  return { id, event: event ?? null, status: status ?? null, at: iso(at) }
}

/** A message sent through the API: its fate, never to whom or what it says. */
export function messageLogView({ msgId, status, failedReason, createdAt, updatedAt }: MessageLog) {
  const reason = failedReason === undefined ? null : maskText(failedReason)
  return { msgId, status, reason, createdAt: iso(createdAt), updatedAt: iso(updatedAt) }
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
