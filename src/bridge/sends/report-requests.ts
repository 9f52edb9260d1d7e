import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId, ConversationId, MessageId } from '../../kernel/ids.ts'
import type { Dispatch } from '../../queue/dispatch.ts'
import type { ReportEvent } from '../events.ts'

/** Which agent's message it is about. */
export type Reported = { id: MessageId; conversation: { id: ConversationId } }

export type RequestReport = ReturnType<typeof createReportRequests>

/**
 * Asks durably for a message's state to be told to Chatwoot, in the status lane of its chat, so that Chatwoot being
 * away neither loses the report nor holds up the lane the message came from.
 */
export function createReportRequests(deps: { dispatch: Dispatch; clock: Clock }) {
  return async (
    account: Account,
    chat: ChatId,
    message: Reported,
    { again }: Pick<ReportEvent, 'again'> = {},
  ): Promise<void> => {
    const event: ReportEvent = {
      type: 'report',
      conversationId: message.conversation.id,
      messageId: message.id,
      ...(again === undefined ? {} : { again }),
    }
    const lane = { direction: 'status', account: account.id, key: chat } as const
    await deps.dispatch.post([{ lane, order: 0, receivedAt: deps.clock.now(), event }])
  }
}
