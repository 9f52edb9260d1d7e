import type { Sessions } from '../wasender/sessions.ts'
import { askQr } from './ask-qr.ts'
import type { QrCodes } from './qr-codes.ts'
import type { SessionAccount, SessionControl } from './session-control.ts'
import { noToken, notFound } from './session-errors.ts'
import { sessionState } from './session-state.ts'

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
