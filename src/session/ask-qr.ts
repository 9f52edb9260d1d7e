import type { AccountId } from '../ids.ts'
import type { Sessions } from '../wasender/sessions.ts'
import { alreadyConnected, noQr } from './session-errors.ts'

/**
 * A code exists only after `connect` (docs/platforms/wasender.md#session-routes), which most often brings one itself.
 */
export async function askQr(account: AccountId, sessions: Sessions, id: number): Promise<string> {
  const { status } = await sessions.get(id)
  if (status === 'connected') throw alreadyConnected(account)
  if (status === 'need_scan') return sessions.qrCode(id)
  const result = await sessions.connect(id)
  if (result.status === 'connected') throw alreadyConnected(account)
  if (result.status !== 'need_scan') throw noQr(account)
  return result.qrCode ?? sessions.qrCode(id)
}
