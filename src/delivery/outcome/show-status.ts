import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { ConversationId, MessageId } from '../../ids.ts'
import type { ReportedStatus } from '../../store/types.ts'
import type { Report } from './report-status.ts'

/**
 * Before 4.12 Chatwoot shows `delivered` as a spinning clock (docs/platforms/chatwoot.md#message-status): it stays
 * `sent`.
 */
export async function showStatus(
  account: Account,
  conversation: ConversationId,
  message: MessageId,
  report: Report,
  before: ReportedStatus | undefined,
): Promise<void> {
  if (report.status !== 'delivered' || (await account.inbox.supports('deliveredStatus'))) {
    await tell(account, conversation, message, report)
  } else if (before === 'failed') {
    await tell(account, conversation, message, { status: 'sent' })
  }
}

/** A message or conversation deleted in the meantime has nothing to show a status on. */
async function tell(
  account: Account,
  conversation: ConversationId,
  message: MessageId,
  report: Report,
): Promise<void> {
  try {
    await account.chatwoot.messages.updateStatus(
      conversation,
      message,
      report.status === 'failed'
        ? { status: 'failed', externalError: report.reason }
        : { status: report.status },
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
