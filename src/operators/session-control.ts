import type { Account } from '../accounts/account.ts'
import type { Qr } from '../accounts/qr-codes.ts'
import { parseAddress } from '../platforms/wasender/jid.ts'
import type { SessionStatus } from '../platforms/wasender/session-status.ts'
import type { ConnectResult } from '../platforms/wasender/sessions.ts'

/** How an account's WhatsApp session is. */
export type SessionState = {
  status: SessionStatus
  /** The linked number in E.164; only while connected. */
  phone: string | null
  /** A personal access token is configured: everything below can be done from here. */
  canManage: boolean
}

/** What of an account its session needs; the command line has no more than that. */
export type SessionAccount = Pick<Account, 'id' | 'credentials' | 'wasender' | 'managedSession'>

/**
 * What an admin can do with an account's WhatsApp session (docs/platforms/wasender.md#session-routes).
 *
 * Everything but `state` needs a personal access token; without one it throws an OperatorNeededError `session.no_token`
 * that says what to add.
 */
export type SessionControl = {
  state(account: SessionAccount): Promise<SessionState>
  connect(account: SessionAccount): Promise<ConnectResult>
  disconnect(account: SessionAccount): Promise<void>
  restart(account: SessionAccount): Promise<void>
  /**
   * The current code; a new one is asked for when the known one is over.
   *
   * @throws {PermanentError} `session.connected` when there is nothing to link, `session.no_qr` when it is linked in
   * another way.
   */
  qr(account: SessionAccount): Promise<Qr>
  /** A new API key. The account goes on with it at once. */
  regenerateKey(account: SessionAccount): Promise<void>
}

/** How a session is, by its own API key. */
export async function sessionState(account: SessionAccount): Promise<SessionState> {
  const { session } = account.wasender
  const canManage = account.managedSession !== undefined
  const status = await session.status()
  if (status !== 'connected') return { status, phone: null, canManage }
  const address = parseAddress((await session.user()).jid)
  return { status, phone: address?.kind === 'phone' ? `+${address.digits}` : null, canManage }
}
