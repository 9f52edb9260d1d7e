import type { Account } from '../../account.ts'
import type { SessionGate } from './session-gate.ts'

/** Why nothing of an account moves, in words for an admin; `undefined` while all does. */
export async function pausedReason(
  { id, chatwootBreaker }: Account,
  sessionGate: SessionGate,
): Promise<string | undefined> {
  const since = await sessionGate.downSince(id)
  const reasons = [
    ...(since === undefined
      ? []
      : [`The WhatsApp session has not been connected since ${new Date(since).toISOString()}.`]),
    ...(chatwootBreaker.isOpen() ? ['Chatwoot is out of order.'] : []),
  ]
  return reasons.length === 0 ? undefined : reasons.join(' ')
}
