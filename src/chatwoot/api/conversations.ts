import { z } from 'zod'
import type { ContactId, ConversationId, InboxId, SourceId } from '../../ids.ts'
import {
  type ConversationRef,
  type ConversationStatus,
  conversationSchema,
} from '../shapes/conversation.ts'
import { conversationId } from '../shapes/ids.ts'
import type { Attributes } from '../shapes/lenient.ts'
import type { Api } from './api.ts'
import { createConversationLabels } from './conversation-labels.ts'
import { createConversationState } from './conversation-state.ts'

/**
 * All three ids belong together: without the source id Chatwoot makes a random one
 * (docs/platforms/chatwoot.md#creating-conversations).
 */
export type NewConversation = {
  inboxId: InboxId
  contactId: ContactId
  sourceId: SourceId
  status?: ConversationStatus
  /** Cannot be changed later. */
  additionalAttributes?: Attributes
  customAttributes?: Attributes
}

export type ConversationQuery = {
  inboxId?: InboxId
  /** Chatwoot's own default is `open`. */
  status?: ConversationStatus | 'all'
  sourceId?: SourceId
  /** Seconds. All that changed in that span at once, not paged: for catching up. */
  updatedWithin?: number
  /** From 1; 25 per page unless the server is configured otherwise. Go on until a page is empty. */
  page?: number
}

/** Conversations (docs/platforms/chatwoot.md#creating-conversations). */
export function createConversations(api: Api) {
  return {
    ...createConversationRecords(api),
    ...createConversationState(api),
    labels: createConversationLabels(api),
  }
}

export type ConversationsApi = ReturnType<typeof createConversations>

/** Some conversations, and the ids of those that the bridge cannot read, as far as they have one. */
export type ConversationPage = { found: ConversationRef[]; unread: ConversationId[] }

function readEach(elements: readonly unknown[]): ConversationPage {
  const page: ConversationPage = { found: [], unread: [] }
  for (const element of elements) {
    const read = conversationSchema.safeParse(element)
    if (read.success) page.found.push(read.data)
    else page.unread.push(...idIn(element))
  }
  return page
}

function idIn(element: unknown): ConversationId[] {
  const read = z.object({ id: conversationId }).safeParse(element)
  return read.success ? [read.data.id] : []
}

function createConversationRecords(api: Api) {
  return {
    /**
     * Creates a conversation, or returns the newest of the address when the inbox is locked to a
     * single one. There is no lock in Chatwoot: two calls at once make two, so serialise per chat.
     */
    create: (conversation: NewConversation): Promise<ConversationRef> =>
      api.request(
        {
          operation: 'create-conversation',
          method: 'post',
          path: 'conversations',
          json: {
            inbox_id: conversation.inboxId,
            contact_id: conversation.contactId,
            source_id: conversation.sourceId,
            status: conversation.status,
            additional_attributes: conversation.additionalAttributes,
            custom_attributes: conversation.customAttributes,
          },
          effect: 'once',
        },
        conversationSchema,
      ),

    get: (id: ConversationId): Promise<ConversationRef> =>
      api.request(
        {
          operation: 'get-conversation',
          method: 'get',
          path: `conversations/${id}`,
          effect: 'repeatable',
        },
        conversationSchema,
      ),

    /** One that the bridge cannot read does not hide the others. */
    page: ({ inboxId, status, sourceId, updatedWithin, page }: ConversationQuery) =>
      api.request(
        {
          operation: 'list-conversations',
          method: 'get',
          path: 'conversations',
          search: {
            inbox_id: inboxId,
            status,
            source_id: sourceId,
            updated_within: updatedWithin,
            page,
          },
          effect: 'repeatable',
        },
        z
          .object({ data: z.object({ payload: z.array(z.unknown()) }) })
          .transform(({ data }) => readEach(data.payload)),
      ),
  }
}
