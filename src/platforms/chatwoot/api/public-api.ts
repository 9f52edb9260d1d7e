import type { ConversationId, SourceId } from '../../../kernel/ids.ts'
import type { Api } from './api.ts'

/** One conversation as the customer's side addresses it. */
export type PublicConversation = {
  /** `inboxIdentifier` of the inbox. */
  inboxIdentifier: string
  /** Must be free of dots and slashes: Rails routes do not match them (docs/platforms/chatwoot.md#source-ids). */
  sourceId: SourceId
  conversationId: ConversationId
}

/** What only the customer's side can do (docs/platforms/chatwoot.md#public-api). */
export function createPublicApi(api: Api) {
  const send = (operation: string, path: string, json?: Record<string, unknown>): Promise<void> =>
    api.send({
      operation,
      method: 'post',
      path,
      root: true,
      ...(json !== undefined && { json }),
      effect: 'repeatable',
    })

  return {
    /** Shows the customer as typing. Fires typing webhooks, also back to the bridge. */
    toggleTyping: (conversation: PublicConversation, on: boolean): Promise<void> =>
      send('public-toggle-typing', `${pathOf(conversation)}/toggle_typing`, {
        typing_status: on ? 'on' : 'off',
      }),

    /**
     * The customer has read everything so far: marks every message that is not incoming as read.
     */
    updateLastSeen: (conversation: PublicConversation): Promise<void> =>
      send('public-update-last-seen', `${pathOf(conversation)}/update_last_seen`),
  }
}

export type PublicApi = ReturnType<typeof createPublicApi>

function pathOf({ inboxIdentifier, sourceId, conversationId }: PublicConversation): string {
  const inbox = encodeURIComponent(inboxIdentifier)
  const contact = encodeURIComponent(sourceId)
  return `public/api/v1/inboxes/${inbox}/contacts/${contact}/conversations/${conversationId}`
}
