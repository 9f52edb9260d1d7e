import { z } from 'zod'
import type { ApiRequest, Route } from './api.ts'
import { visibleConversation } from './auth.ts'
import { changeContact } from './contacts.ts'
import { setStatus } from './conversation-status.ts'
import { changeConversation } from './conversations.ts'
import { notFound } from './errors.ts'
import { memberAgent, ofAccount, related, threadOf } from './lookups.ts'
import { createActivity } from './messages.ts'
import { parse, text, wholeNumber } from './params.ts'
import { nameOf } from './parties.ts'
import { botJson } from './payloads-inbox.ts'
import { agentJson, conversationJson } from './payloads-rest.ts'
import type { Json } from './types.ts'

const ONE_HOUR = 3_600_000

/** The agent or bot, or null when unassigned. There are no teams here: an unknown team is a 404. */
function assign(request: ApiRequest): Json | null {
  const { world, account, body } = request
  const conversation = visibleConversation(request)
  const params = parse(
    z.object({
      assignee_id: wholeNumber.nullish(),
      assignee_type: text.nullish(),
      team_id: wholeNumber.nullish(),
    }),
    body,
  )
  if (params.team_id) throw notFound()
  if (!params.assignee_id) {
    changeConversation(world, conversation, { assignee: null })
    return null
  }
  if (params.assignee_type === 'AgentBot') {
    const bot = ofAccount(world.bots.get(params.assignee_id), account.id)
    changeConversation(world, conversation, { assignee: { type: 'AgentBot', id: bot.id } })
    return botJson(world, bot, false)
  }
  const user = memberAgent(world, account.id, params.assignee_id)
  changeConversation(world, conversation, { assignee: { type: 'User', id: user.id } })
  return agentJson(world, user, account.id)
}

/**
 * Marks the conversation as seen by agents; no webhook. Without unread messages it works at most once an hour since
 * 4.11 (docs/platforms/chatwoot.md#changing-conversations).
 */
function markSeen(request: ApiRequest): Json {
  const { world, actor } = request
  const conversation = visibleConversation(request)
  const now = world.clock.now()
  const last = conversation.agentLastSeenAt ?? 0
  const unseen = threadOf(world, conversation).some(
    ({ messageType, createdAt }) => messageType === 'incoming' && createdAt > last,
  )
  if (unseen || !world.has('lastSeenThrottle') || now - last > ONE_HOUR) {
    conversation.agentLastSeenAt = now
    const { assignee } = conversation
    if (actor.type === 'User' && assignee?.type === 'User' && assignee.id === actor.user.id)
      conversation.assigneeLastSeenAt = now
    world.signal.ring()
  }
  return conversationJson(world, conversation)
}

/** One second before the last incoming message. */
function markUnread(request: ApiRequest): Json {
  const { world } = request
  const conversation = visibleConversation(request)
  const last = threadOf(world, conversation).findLast((row) => row.messageType === 'incoming')
  if (last !== undefined) {
    conversation.agentLastSeenAt = last.createdAt - 1000
    conversation.assigneeLastSeenAt = last.createdAt - 1000
    world.signal.ring()
  }
  return conversationJson(world, conversation)
}

function mute(request: ApiRequest): void {
  const { world, actor } = request
  const conversation = visibleConversation(request)
  const contact = related(world.contacts, conversation.contactId)
  // The first webhook leaves before the block is saved.
  const was = { contact: { blocked: contact.blocked } }
  setStatus(world, conversation, actor, 'resolved', null, was)
  changeContact(world, contact, { blocked: true })
  createActivity(world, conversation, `${nameOf(actor)} has muted the conversation`)
}

function unmute(request: ApiRequest): void {
  const { world, actor } = request
  const conversation = visibleConversation(request)
  changeContact(world, related(world.contacts, conversation.contactId), { blocked: false })
  createActivity(world, conversation, `${nameOf(actor)} has unmuted the conversation`)
}

/** Who holds a conversation, and whether agents have seen it (docs/platforms/chatwoot.md#changing-conversations). */
export const assignmentRoutes: Route[] = [
  {
    method: 'POST',
    path: '/conversations/:conversation/assignments',
    bot: true,
    handle: assign,
  },
  { method: 'POST', path: '/conversations/:conversation/update_last_seen', handle: markSeen },
  { method: 'POST', path: '/conversations/:conversation/unread', handle: markUnread },
  { method: 'POST', path: '/conversations/:conversation/mute', handle: mute },
  { method: 'POST', path: '/conversations/:conversation/unmute', handle: unmute },
]
