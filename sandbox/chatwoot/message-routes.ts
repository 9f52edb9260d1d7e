import { z } from 'zod'
import { type ApiRequest, pathId, type Route } from './api.ts'
import { visibleConversation } from './auth.ts'
import { ApiError, refused } from './errors.ts'
import { messageOf, related } from './lookups.ts'
import { listMessages } from './message-list.ts'
import { reportStatus, retryMessage, softDelete } from './message-status.ts'
import { createMessage, type NewMessage } from './messages.ts'
import { flag, objectOrJson, parse, text, wholeNumber } from './params.ts'
import { partyOf } from './parties.ts'
import { IN_ANSWERS, pushContact, pushParty } from './payloads-push.ts'
import { messageJson } from './payloads-rest.ts'
import { iso } from './times.ts'
import type { Json, Message, PartyRef } from './types.ts'

const messageParams = z.object({
  content: text.nullish(),
  message_type: text.nullish(),
  private: flag.nullish(),
  content_type: text.nullish(),
  content_attributes: objectOrJson.nullish(),
  source_id: text.nullish(),
  echo_id: z.unknown().optional(),
  external_created_at: z.unknown().optional(),
  attachments: z.unknown().optional(),
  is_voice_message: flag.nullish(),
  sender_type: text.nullish(),
  sender_id: wholeNumber.nullish(),
  template_params: objectOrJson.nullish(),
  campaign_id: z.unknown().optional(),
})
type MessageParams = z.output<typeof messageParams>

/** The parameters of a create as a message, written by the token's owner or the named bot. */
export function messageFrom(request: ApiRequest, body: Json): NewMessage {
  const params = parse(messageParams, body)
  return {
    content: params.content ?? null,
    messageType: params.message_type ?? undefined,
    contentType: params.content_type ?? undefined,
    private: params.private ?? false,
    sourceId: params.source_id ?? null,
    contentAttributes: {
      ...keptAttributes(request, body.content_attributes, params.content_attributes ?? {}),
      ...named('external_created_at', params.external_created_at),
    },
    additionalAttributes: {
      ...named('template_params', params.template_params),
      ...named('campaign_id', params.campaign_id),
    },
    author: authorOf(request, params),
    attachments: attachmentsOf(params.attachments),
    isVoice: params.is_voice_message ?? false,
  }
}

/** Old releases read an object's quote and items only; the JSON text that a form carries they kept whole. */
function keptAttributes({ world }: ApiRequest, given: unknown, attributes: Json): Json {
  if (world.has('jsonAttributes') || typeof given === 'string') return attributes
  return { ...named('in_reply_to', attributes.in_reply_to), ...named('items', attributes.items) }
}

const named = (key: string, value: unknown): Json =>
  value === undefined || value === null ? {} : { [key]: value }

/** Only bots of the account may be named as sender; other sender types are ignored. */
function authorOf({ world, account, actor }: ApiRequest, params: MessageParams): PartyRef {
  if (params.sender_type !== 'AgentBot' || !params.sender_id) return partyOf(actor)
  const bot = world.bots.get(params.sender_id)
  return bot?.accountId === account.id ? { type: 'AgentBot', id: bot.id } : partyOf(actor)
}

/** Files, signed ids and empty texts. A single field without brackets fails, as in Chatwoot. */
function attachmentsOf(value: unknown): (File | string)[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw refused("undefined method 'each' for an instance of String")
  return value.filter((item) => item instanceof File || typeof item === 'string')
}

async function create(request: ApiRequest): Promise<Json> {
  const { world, body } = request
  const conversation = visibleConversation(request)
  const message = await createMessage(world, conversation, messageFrom(request, body))
  return messageJson(world, message, body.echo_id)
}

function index(request: ApiRequest): Json {
  const { world, query } = request
  const conversation = visibleConversation(request)
  const bound = (name: string) => {
    const value = query.get(name)
    return value === null || value === '' ? undefined : Number(value)
  }
  const rows = listMessages(world, conversation, {
    before: bound('before'),
    after: bound('after'),
    withoutInternal: query.has('filter_internal_messages'),
  })
  const { assignee } = conversation
  return {
    meta: {
      labels: conversation.labels,
      additional_attributes: conversation.additionalAttributes,
      contact: pushContact(world, related(world.contacts, conversation.contactId)),
      ...(assignee === null ? {} : { assignee: pushParty(world, assignee, IN_ANSWERS) }),
      agent_last_seen_at: iso(conversation.agentLastSeenAt),
      assignee_last_seen_at: iso(conversation.assigneeLastSeenAt),
    },
    payload: rows.map((row) => messageJson(world, row)),
  }
}

function messageAt(request: ApiRequest): Message {
  return messageOf(request.world, visibleConversation(request), pathId(request, 'message'))
}

function update(request: ApiRequest): Json {
  const { world, body } = request
  const message = messageAt(request)
  if (related(world.inboxes, message.inboxId).channelType !== 'Channel::Api')
    throw new ApiError(403, { error: 'Message status update is only allowed for API inboxes' })
  const params = parse(z.object({ status: text.nullish(), external_error: text.nullish() }), body)
  reportStatus(world, message, params.status ?? undefined, params.external_error)
  return messageJson(world, message)
}

function destroy(request: ApiRequest): Json {
  const message = messageAt(request)
  softDelete(request.world, message)
  return messageJson(request.world, message)
}

function retry(request: ApiRequest): Json {
  const message = messageAt(request)
  retryMessage(request.world, message)
  return messageJson(request.world, message)
}

const MESSAGES = '/conversations/:conversation/messages'

/** Messages (docs/platforms/chatwoot.md#creating-messages). There is no route for a single one. */
export const messageRoutes: Route[] = [
  { method: 'POST', path: MESSAGES, bot: true, handle: create },
  { method: 'GET', path: MESSAGES, handle: index },
  { method: 'PATCH', path: `${MESSAGES}/:message`, since: 'statusReports', handle: update },
  { method: 'DELETE', path: `${MESSAGES}/:message`, handle: destroy },
  { method: 'POST', path: `${MESSAGES}/:message/retry`, handle: retry },
]
