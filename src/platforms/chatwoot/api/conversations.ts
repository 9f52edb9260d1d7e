import { z } from 'zod'
import type { ContactId, ConversationId, InboxId, SourceId } from '../../../kernel/ids.ts'
import { type Attributes, attributes, conversationId } from '../shapes/lenient.ts'
import {
  type ConversationRef,
  type ConversationStatus,
  conversationSchema,
} from '../shapes/message.ts'
import type { Api } from './api.ts'

/**
 * All three ids belong together: without the source id Chatwoot makes a random one
 * (docs/platforms/chatwoot.md#creating-conversations).
 */
type NewConversation = {
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

/** Some conversations, and the ids of those that the bridge cannot read, as far as they have one. */
type ConversationPage = { found: ConversationRef[]; unread: ConversationId[] }

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

const labelList = z.object({ payload: z.array(z.string()) }).transform(({ payload }) => payload)

/**
 * Labels of a conversation. They need not exist as labels of the account
 * (docs/platforms/chatwoot.md#changing-conversations).
 */
function createConversationLabels(api: Api) {
  return {
    get: (id: ConversationId): Promise<string[]> =>
      api.request(
        {
          operation: 'get-labels',
          method: 'get',
          path: `conversations/${id}/labels`,
          effect: 'repeatable',
        },
        labelList,
      ),
    /** Replaces the set. */
    set: (id: ConversationId, labels: readonly string[]): Promise<string[]> =>
      api.request(
        {
          operation: 'set-labels',
          method: 'post',
          path: `conversations/${id}/labels`,
          json: { labels },
          effect: 'repeatable',
        },
        labelList,
      ),
  }
}

/** An agent, a bot, a team or nobody. */
type Assignment = { agentId: number | null } | { botId: number } | { teamId: number | null }

/**
 * Changes of a conversation (docs/platforms/chatwoot.md#changing-conversations). Each states the end result, so
 * repeating is harmless.
 */
function createConversationState(api: Api) {
  return {
    /**
     * Always with the status wanted: without one Chatwoot would toggle, and a repetition would undo
     * it.
     */
    toggleStatus: (id: ConversationId, status: ConversationStatus): Promise<void> =>
      api.send({
        operation: 'toggle-status',
        method: 'post',
        path: `conversations/${id}/toggle_status`,
        json: { status },
        effect: 'repeatable',
      }),

    /**
     * Shows the token's owner, an agent, as typing. For the customer see `publicApi.toggleTyping`.
     */
    toggleTyping: (id: ConversationId, on: boolean, isPrivate = false): Promise<void> =>
      api.send({
        operation: 'toggle-typing',
        method: 'post',
        path: `conversations/${id}/toggle_typing_status`,
        json: { typing_status: on ? 'on' : 'off', is_private: isPrivate },
        effect: 'repeatable',
      }),

    /** Marks it as seen by agents, which clears the unread badge. Fires no webhook. */
    updateLastSeen: (id: ConversationId): Promise<void> =>
      api.send({
        operation: 'update-last-seen',
        method: 'post',
        path: `conversations/${id}/update_last_seen`,
        effect: 'repeatable',
      }),

    /** Replaces the whole object; `merge` needs Chatwoot 4.17 and is ignored by older ones. */
    setCustomAttributes: (
      id: ConversationId,
      values: Attributes,
      { merge = false }: { merge?: boolean } = {},
    ): Promise<Attributes> =>
      api.request(
        {
          operation: 'set-custom-attributes',
          method: 'post',
          path: `conversations/${id}/custom_attributes`,
          json: { custom_attributes: values, merge: merge || undefined },
          effect: 'repeatable',
        },
        z.object({ custom_attributes: attributes }).transform((body) => body.custom_attributes),
      ),

    assign: (id: ConversationId, to: Assignment): Promise<void> =>
      api.send({
        operation: 'assign-conversation',
        method: 'post',
        path: `conversations/${id}/assignments`,
        json: toAssignment(to),
        effect: 'repeatable',
      }),
  }
}

function toAssignment(to: Assignment): Record<string, unknown> {
  if ('agentId' in to) return { assignee_id: to.agentId }
  if ('botId' in to) return { assignee_id: to.botId, assignee_type: 'AgentBot' }
  return { team_id: to.teamId }
}
