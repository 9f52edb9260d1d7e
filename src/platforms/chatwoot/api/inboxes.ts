import { z } from 'zod'
import type { InboxId } from '../../../kernel/ids.ts'
import { type Agent, agentSchema } from '../shapes/agent.ts'
import { type Inbox, inboxSchema } from '../shapes/inbox.ts'
import type { Attributes } from '../shapes/lenient.ts'
import type { Api } from './api.ts'

/** What can be written of an API inbox (docs/platforms/chatwoot.md#inboxes). */
type InboxFields = {
  name?: string
  /** Where Chatwoot posts its events; up to 2048 characters. */
  webhookUrl?: string
  lockToSingleConversation?: boolean
  /** Replaced as a whole. */
  additionalAttributes?: Attributes
}

/** API inboxes; everything but reading needs an administrator's token. */
export function createInboxes(api: Api) {
  return {
    list: (): Promise<Inbox[]> =>
      api.request(
        { operation: 'list-inboxes', method: 'get', path: 'inboxes', effect: 'repeatable' },
        z.object({ payload: z.array(inboxSchema) }).transform(({ payload }) => payload),
      ),

    get: (id: InboxId): Promise<Inbox> =>
      api.request(
        { operation: 'get-inbox', method: 'get', path: `inboxes/${id}`, effect: 'repeatable' },
        inboxSchema,
      ),

    create: (fields: InboxFields & { name: string }): Promise<Inbox> =>
      api.request(
        {
          operation: 'create-inbox',
          method: 'post',
          path: 'inboxes',
          json: toInboxJson(fields, { type: 'api' }),
          effect: 'once',
        },
        inboxSchema,
      ),

    update: (id: InboxId, fields: InboxFields): Promise<Inbox> =>
      api.request(
        {
          operation: 'update-inbox',
          method: 'patch',
          path: `inboxes/${id}`,
          json: toInboxJson(fields, {}),
          effect: 'repeatable',
        },
        inboxSchema,
      ),

    /** Makes a new signing key. When the answer is lost, `get` tells the key. */
    resetSecret: (id: InboxId): Promise<Inbox> =>
      api.request(
        {
          operation: 'reset-inbox-secret',
          method: 'post',
          path: `inboxes/${id}/reset_secret`,
          effect: 'once',
        },
        inboxSchema,
      ),

    members: {
      list: (inboxId: InboxId): Promise<Agent[]> =>
        api.request(
          {
            operation: 'list-inbox-members',
            method: 'get',
            path: `inbox_members/${inboxId}`,
            effect: 'repeatable',
          },
          z.object({ payload: z.array(agentSchema) }).transform(({ payload }) => payload),
        ),

      /** Lets agents see the inbox. Administrators need no membership. */
      add: (inboxId: InboxId, userIds: readonly number[]): Promise<void> =>
        api.send({
          operation: 'add-inbox-members',
          method: 'post',
          path: 'inbox_members',
          json: { inbox_id: inboxId, user_ids: userIds },
          effect: 'repeatable',
        }),
    },
  }
}

function toInboxJson(fields: InboxFields, kind: { type?: 'api' }): Record<string, unknown> {
  const channel = {
    ...kind,
    ...(fields.webhookUrl !== undefined && { webhook_url: fields.webhookUrl }),
    ...(fields.additionalAttributes && { additional_attributes: fields.additionalAttributes }),
  }
  return {
    name: fields.name,
    lock_to_single_conversation: fields.lockToSingleConversation,
    ...(Object.keys(channel).length > 0 && { channel }),
  }
}

/** Everybody who works in the account, administrators too (docs/platforms/chatwoot.md#agents-bots-and-labels). */
export function createAgents(api: Api) {
  return {
    list: (): Promise<Agent[]> =>
      api.request(
        { operation: 'list-agents', method: 'get', path: 'agents', effect: 'repeatable' },
        z.array(agentSchema),
      ),
  }
}
