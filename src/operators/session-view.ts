import { noToken } from '../accounts/credentials/session-errors.ts'
import { maskText } from '../platforms/wasender/api/mask.ts'
import type { MessageLog, SessionLog } from '../platforms/wasender/session-logs.ts'
import type { Session } from '../platforms/wasender/session-schema.ts'
import type { SessionAccount } from './session-control.ts'

/** A session without its two credentials. Settings the gateway does not tell are null. */
export function sessionView(session: Session) {
  const { apiKey, webhookSecret, ...rest } = session
  const known = Object.entries(rest).map(([name, value]) => [name, value ?? null])
  return Object.fromEntries(known) as SessionView
}

/** A session as the admin API and the command line show it. */
type SessionView = {
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

/** A session, and the account of the bridge that it belongs to. */
export type ListedSession = SessionView & { account: string | null }

/**
 * Every session that the accounts' personal access tokens see, each once.
 *
 * @throws {OperatorNeededError} `session.no_token` when none of the accounts has one.
 */
export async function allSessions(accounts: readonly SessionAccount[]): Promise<ListedSession[]> {
  const managing = accounts.filter(({ managedSession }) => managedSession !== undefined)
  if (managing.length === 0) throw noToken(accounts.map(({ id }) => id).join(', '))
  const owners = new Map<number, string>()
  for (const { id, managedSession } of managing) {
    const session = await managedSession?.id()
    if (session !== undefined) owners.set(session, id)
  }
  const found = new Map<number, ListedSession>()
  for (const { wasender } of onePerToken(managing)) {
    for (const session of await wasender.sessions.list()) {
      found.set(session.id, { ...sessionView(session), account: owners.get(session.id) ?? null })
    }
  }
  return [...found.values()]
}

function onePerToken(accounts: readonly SessionAccount[]): SessionAccount[] {
  const byToken = accounts.map(
    (each) => [each.credentials.now().personalAccessToken, each] as const,
  )
  return [...new Map(byToken).values()]
}
