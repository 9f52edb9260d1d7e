import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { MessageEvent } from '../../chatwoot/events.ts'

/**
 * Chatwoot marks a message as failed when it cannot tell the bridge of it (docs/platforms/chatwoot.md#failed-callbacks).
 * Now the bridge knows, so the mark goes. Releases before 4.2 cannot do that (docs/platforms/chatwoot.md#message-status);
 * there the mark stays, and the message is handled all the same.
 */
export async function takeBackFailure({ chatwoot }: Account, event: MessageEvent): Promise<void> {
  if (event.status !== 'failed') return
  try {
    await chatwoot.messages.updateStatus(event.conversation.id, event.id, { status: 'sent' })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
