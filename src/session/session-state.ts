import { parseAddress } from '../wasender/jid.ts'
import type { SessionAccount, SessionState } from './session-control.ts'

/** How a session is, by its own API key. */
export async function sessionState(account: SessionAccount): Promise<SessionState> {
  const { session } = account.wasender
  const canManage = account.managedSession !== undefined
  const status = await session.status()
  if (status !== 'connected') return { status, phone: null, canManage }
  const address = parseAddress((await session.user()).jid)
  return { status, phone: address?.kind === 'phone' ? `+${address.digits}` : null, canManage }
}
