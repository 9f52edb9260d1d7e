import {
  alreadyConnected,
  noQr,
  noToken,
  notFound,
} from '../accounts/credentials/session-errors.ts'
import type { QrCodes } from '../accounts/qr-codes.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Sessions } from '../platforms/wasender/sessions.ts'
import { type SessionAccount, type SessionControl, sessionState } from './session-control.ts'

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
