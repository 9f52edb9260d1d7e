import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { MessageEvent } from '../../chatwoot/events.ts'

/**
 * Chatwoot marks as failed whatever it could not tell the bridge of (docs/platforms/chatwoot.md#failed-callbacks); by
 * now it is seen to. Releases before 4.2 cannot take that back (docs/platforms/chatwoot.md#message-status), which keeps
 * nothing from being done.
 */
export async function takeBackFailure({ chatwoot }: Account, event: MessageEvent): Promise<void> {
  if (event.status !== 'failed') return
  try {
    await chatwoot.messages.updateStatus(event.conversation.id, event.id, { status: 'sent' })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
