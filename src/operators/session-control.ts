import type { Account } from '../accounts/account.ts'
import {
  alreadyConnected,
  noQr,
  noToken,
  notFound,
} from '../accounts/credentials/session-errors.ts'
import type { Qr, QrCodes } from '../accounts/qr-codes.ts'
import type { AccountId } from '../kernel/ids.ts'
import { parseAddress } from '../platforms/wasender/jid.ts'
import type { SessionStatus } from '../platforms/wasender/session-status.ts'
import type { ConnectResult, Sessions } from '../platforms/wasender/sessions.ts'

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

/** Manages the accounts' sessions by their personal access tokens. */
export function createSessionControl({ qrCodes }: { qrCodes: QrCodes }): SessionControl {
  return {
    state: sessionState,

    async connect(account) {
      const { sessions, id } = await managedOf(account)
      const result = await sessions.connect(id)
      if (result.status === 'need_scan' && result.qrCode !== undefined) {
        qrCodes.learned(account, result.qrCode)
      }
      if (result.status === 'connected') qrCodes.forget(account)
      return result
    },

    async disconnect(account) {
      const { sessions, id } = await managedOf(account)
      await sessions.disconnect(id)
      qrCodes.forget(account)
    },

    async restart(account) {
      const { sessions, id } = await managedOf(account)
      await sessions.restart(id)
    },

    async qr(account) {
      const known = qrCodes.known(account)
      if (known !== undefined) return known
      const { sessions, id } = await managedOf(account)
      return qrCodes.learned(account, await askQr(account.id, sessions, id))
    },

    async regenerateKey(account) {
      const { sessions, id } = await managedOf(account)
      account.credentials.learn({ apiKey: await sessions.regenerateKey(id) })
    },
  }
}

/** @throws {OperatorNeededError} `session.no_token` or `session.not_found` */
export async function managedOf(
  account: SessionAccount,
): Promise<{ sessions: Sessions; id: number }> {
  const { managedSession, wasender } = account
  if (managedSession === undefined) throw noToken(account.id)
  const id = await managedSession.id()
  if (id === undefined) throw notFound(account.id)
  return { sessions: wasender.sessions, id }
}

/**
 * A code exists only after `connect` (docs/platforms/wasender.md#session-routes), which most often brings one itself.
 */
async function askQr(account: AccountId, sessions: Sessions, id: number): Promise<string> {
  const { status } = await sessions.get(id)
  if (status === 'connected') throw alreadyConnected(account)
  if (status === 'need_scan') return sessions.qrCode(id)
  const result = await sessions.connect(id)
  if (result.status === 'connected') throw alreadyConnected(account)
  if (result.status !== 'need_scan') throw noQr(account)
  return result.qrCode ?? sessions.qrCode(id)
}
