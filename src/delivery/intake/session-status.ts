import type { Account } from '../../account.ts'
import type { OwnIdentity } from '../../identity/own.ts'
import type { Operator } from '../../session/operator/operator.ts'
import type { QrCodes } from '../../session/qr-codes.ts'
import type { Observer } from '../observer.ts'
import type { SessionPauses } from '../outages/session-pauses.ts'

/**
 * States in which nothing can be sent until a person or the gateway acts (docs/platforms/wasender.md#session-states).
 */
const DOWN: ReadonlySet<string> = new Set([
  'disconnected',
  'need_scan',
  'need_passkey',
  'logged_out',
  'expired',
  'error',
])

/**
 * What a webhook about the session's state starts. It is no more than a hint, which a sender and the polling can do
 * without, so nothing that goes wrong here costs the webhook.
 */
export function createSessionStatus(deps: {
  own: Pick<OwnIdentity, 'forget'>
  sessionPauses: Pick<SessionPauses, 'up' | 'down'>
  qrCodes: Pick<QrCodes, 'forget'>
  operator: Pick<Operator, 'sessionChanged'>
  observer: Pick<Observer, 'onSessionStatus' | 'onWorkerError'>
}) {
  const { own, sessionPauses, qrCodes, observer } = deps
  return async (account: Account, status: string): Promise<void> => {
    observer.onSessionStatus(account, status)
    deps.operator.sessionChanged(account, status)
    if (status === 'connected') {
      own.forget(account.id)
      qrCodes.forget(account)
      sessionPauses.up(account).catch(observer.onWorkerError)
    }
    if (DOWN.has(status)) sessionPauses.down(account).catch(observer.onWorkerError)
  }
}
