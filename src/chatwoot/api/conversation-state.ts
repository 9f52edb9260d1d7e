import { z } from 'zod'
import type { ConversationId } from '../../ids.ts'
import type { ConversationStatus } from '../shapes/conversation.ts'
import { type Attributes, attributes } from '../shapes/lenient.ts'
import type { Api } from './api.ts'

/** An agent, a bot, a team or nobody. */
export type Assignment = { agentId: number | null } | { botId: number } | { teamId: number | null }

/**
 * Changes of a conversation (docs/platforms/chatwoot.md#changing-conversations). Each states the end result, so
 * repeating is harmless.
 */
export function createConversationState(api: Api) {
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
