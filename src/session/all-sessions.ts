import type { SessionAccount } from './session-control.ts'
import { noToken } from './session-errors.ts'
import { type SessionView, sessionView } from './session-view.ts'

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
