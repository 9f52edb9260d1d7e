import { z } from 'zod'
import type { ApiRequest, Route } from './api.ts'
import { visibleConversation } from './auth.ts'
import { setStatus } from './conversation-status.ts'
import {
  attributeProblems,
  changeConversation,
  contactInboxFor,
  createConversation,
  lockedConversation,
  removeConversation,
} from './conversations.ts'
import { crashed, rejectInvalid } from './errors.ts'
import { memberAgent, related } from './lookups.ts'
import { messageFrom } from './message-routes.ts'
import { checkMessage } from './message-rules.ts'
import { createMessage } from './messages.ts'
import { flag, object, parse, text, wholeNumber } from './params.ts'
import { partyOf } from './parties.ts'
import { conversationJson } from './payloads-rest.ts'
import { iso } from './times.ts'
import type { Conversation, Json } from './types.ts'

const createParams = z.object({
  inbox_id: wholeNumber.nullish(),
  contact_id: wholeNumber.nullish(),
  source_id: text.nullish(),
  status: z.enum(['open', 'pending', 'resolved', 'snoozed']).nullish(),
  assignee_id: wholeNumber.nullish(),
  snoozed_until: wholeNumber.nullish(),
  additional_attributes: object.nullish(),
  custom_attributes: object.nullish(),
  message: object.nullish(),
})

/** Duplicate-friendly, but for locked inboxes (docs/platforms/chatwoot.md#creating-conversations). */
async function create(request: ApiRequest): Promise<Json> {
  const { world, account, body } = request
  const params = parse(createParams, body)
  const row = contactInboxFor(world, account.id, {
    inboxId: params.inbox_id ?? undefined,
    contactId: params.contact_id ?? undefined,
    sourceId: params.source_id || undefined,
  })
  const message = params.message ? messageFrom(request, params.message) : undefined
  // Checked first: an invalid message must leave no conversation behind.
  if (message) checkMessage(world, related(world.inboxes, row.inboxId), message)
  if (params.assignee_id) memberAgent(world, account.id, params.assignee_id)
  const conversation =
    lockedConversation(world, row) ??
    createConversation(world, row, {
      ...initialValues(params),
      fresh: message !== undefined,
    })
  if (message) await createMessage(world, conversation, message)
  return conversationJson(world, conversation)
}

function initialValues(params: z.output<typeof createParams>): Partial<Conversation> {
  return {
    status: params.status ?? 'open',
    additionalAttributes: params.additional_attributes ?? {},
    customAttributes: params.custom_attributes ?? {},
    assignee: params.assignee_id ? { type: 'User', id: params.assignee_id } : null,
    snoozedUntil: params.snoozed_until ? params.snoozed_until * 1000 : null,
  }
}

function toggleStatus(request: ApiRequest): Json {
  const { world, actor, body } = request
  const conversation = visibleConversation(request)
  const params = parse(
    z.object({ status: text.nullish(), snoozed_until: wholeNumber.nullish() }),
    body,
  )
  const until = params.snoozed_until ? params.snoozed_until * 1000 : null
  setStatus(world, conversation, actor, params.status || undefined, until)
  return {
    payload: {
      success: true,
      conversation_id: conversation.id,
      current_status: conversation.status,
      snoozed_until: iso(conversation.snoozedUntil),
    },
  }
}

function toggleTyping(request: ApiRequest): void {
  const { world, actor, body } = request
  const { pk } = visibleConversation(request)
  const params = parse(
    z.object({ typing_status: text.nullish(), is_private: flag.nullish() }),
    body,
  )
  if (params.typing_status !== 'on' && params.typing_status !== 'off') return
  world.emit({
    event: `conversation_typing_${params.typing_status}`,
    pk,
    user: partyOf(actor),
    isPrivate: params.is_private ?? false,
  })
}

function setAttributes(request: ApiRequest): Json {
  const { world, body } = request
  const conversation = visibleConversation(request)
  const params = parse(z.object({ custom_attributes: object, merge: flag.nullish() }), body)
  rejectInvalid(attributeProblems('custom_attributes', params.custom_attributes))
  const kept = params.merge && world.has('attributeMerge') ? conversation.customAttributes : {}
  changeConversation(world, conversation, {
    customAttributes: { ...kept, ...params.custom_attributes },
  })
  return { custom_attributes: conversation.customAttributes }
}

function destroyAttributes(request: ApiRequest): Json {
  const conversation = visibleConversation(request)
  const params = parse(z.object({ custom_attributes: z.array(text) }), request.body)
  const kept = Object.entries(conversation.customAttributes).filter(
    ([key]) => !params.custom_attributes.includes(key),
  )
  changeConversation(request.world, conversation, { customAttributes: Object.fromEntries(kept) })
  return { custom_attributes: conversation.customAttributes }
}

function setLabels(request: ApiRequest): Json {
  const conversation = visibleConversation(request)
  const { labels } = parse(z.object({ labels: z.array(text) }), request.body)
  changeConversation(request.world, conversation, { labels: [...new Set(labels)] })
  return { payload: conversation.labels }
}

const PRIORITIES = [null, 'low', 'medium', 'high', 'urgent'] as const

function setPriority(request: ApiRequest): Json {
  const conversation = visibleConversation(request)
  const { priority = null } = parse(z.object({ priority: text.nullish() }), request.body)
  const known = PRIORITIES.find((value) => value === priority)
  if (known === undefined) throw crashed()
  changeConversation(request.world, conversation, { priority: known })
  return conversationJson(request.world, conversation)
}

/** Changing conversations (docs/platforms/chatwoot.md#creating-conversations, #changing-conversations). */
export const conversationRoutes: Route[] = [
  { method: 'POST', path: '/conversations', bot: true, handle: create },
  {
    method: 'POST',
    path: '/conversations/:conversation/toggle_status',
    bot: true,
    handle: toggleStatus,
  },
  {
    method: 'POST',
    path: '/conversations/:conversation/toggle_typing_status',
    bot: 'botTyping',
    handle: toggleTyping,
  },
  {
    method: 'POST',
    path: '/conversations/:conversation/custom_attributes',
    bot: true,
    handle: setAttributes,
  },
  {
    method: 'POST',
    path: '/conversations/:conversation/destroy_custom_attributes',
    since: 'attributeMerge',
    handle: destroyAttributes,
  },
  {
    method: 'POST',
    path: '/conversations/:conversation/labels',
    bot: 'botConversations',
    handle: setLabels,
  },
  {
    method: 'POST',
    path: '/conversations/:conversation/toggle_priority',
    bot: true,
    handle: setPriority,
  },
  { method: 'PATCH', path: '/conversations/:conversation', bot: true, handle: setPriority },
  {
    method: 'DELETE',
    path: '/conversations/:conversation',
    administrator: true,
    handle: (request) => removeConversation(request.world, visibleConversation(request)),
  },
]
