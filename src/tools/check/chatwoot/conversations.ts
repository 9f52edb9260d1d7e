import { BridgeError } from '../../../kernel/errors.ts'
import type { AccountCheck } from '../account-context.ts'
import { failed, ok } from '../check.ts'

/** As far back as messages are looked for whose webhook was lost. */
const DAY_S = 24 * 3_600

/** Whether what was missed can be found: one conversation that Chatwoot cannot show makes the whole list fail. */
export const conversationList: AccountCheck = {
  id: 'chatwoot.conversations',
  title: 'Conversations',
  needs: ['inbox'],
  async run({ chatwoot, account }) {
    const { inboxId } = account.chatwoot
    try {
      const query = { inboxId, status: 'all', updatedWithin: DAY_S } as const
      const { found } = await chatwoot.api.conversations.page(query)
      return [ok(`can be listed; changed since yesterday: ${found.length}.`)]
    } catch (error) {
      if (!(error instanceof BridgeError && error.code === 'chatwoot.server_error')) throw error
      return [
        failed(
          'chatwoot.conversations.list',
          `it cannot list the conversations of inbox ${inboxId} (HTTP ${error.context.status}), so lost webhooks are made up for only where it can show the conversation or the bridge knows it.`,
          'Look for the error in the log of Chatwoot: mostly a conversation has an attachment whose file is gone. Delete that message or give the file back.',
        ),
      ]
    }
  },
}
