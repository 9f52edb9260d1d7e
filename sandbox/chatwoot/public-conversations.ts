import { z } from 'zod'
import { setStatus } from './conversation-status.ts'
import { createConversation, lockedConversation } from './conversations.ts'
import { found, threadOf } from './lookups.ts'
import { reportStatus, saveMessage } from './message-status.ts'
import { createMessage } from './messages.ts'
import { object, parse, text } from './params.ts'
import { publicConversationJson, publicMessageJson } from './public-payloads.ts'
import type { PublicRequest, PublicRoute } from './public-routes.ts'
import type { Conversation, Json } from './types.ts'

const conversationsOf = ({ world, contact }: PublicRequest): Conversation[] => {
  const { row } = contact()
  return [...world.conversations.values()].filter((one) => one.contactInboxId === row.id)
}

const conversationAt = (request: PublicRequest): Conversation =>
  found(conversationsOf(request).find(({ id }) => id === Number(request.path.conversation)))

const shown = (request: PublicRequest, conversation: Conversation): Json =>
  publicConversationJson(request.world, conversation, request.contact().contact)

function create(request: PublicRequest): Json {
  const { world, body, contact } = request
  const params = parse(z.object({ custom_attributes: object.nullish() }), body)
  const { row } = contact()
  const conversation =
    lockedConversation(world, row) ??
    createConversation(world, row, { customAttributes: params.custom_attributes ?? {} })
  return shown(request, conversation)
}

async function addMessage(request: PublicRequest): Promise<Json> {
  const { world, body } = request
  const params = parse(
    z.object({ content: text.nullish(), attachments: z.array(z.unknown()).nullish() }),
    body,
  )
  const files = (params.attachments ?? []).filter((file) => file instanceof File)
  const message = await createMessage(world, conversationAt(request), {
    content: params.content ?? null,
    messageType: 'incoming',
    attachments: files,
  })
  return publicMessageJson(world, message)
}

function messages(request: PublicRequest): Json[] {
  const before = Number(request.query.get('before') ?? Number.POSITIVE_INFINITY)
  return threadOf(request.world, conversationAt(request))
    .filter((message) => !message.private && message.id < before)
    .slice(-20)
    .map((message) => publicMessageJson(request.world, message))
}

function submit(request: PublicRequest): Json {
  const { world, body, path } = request
  const message = found(
    threadOf(world, conversationAt(request)).find(({ id }) => id === Number(path.message)),
  )
  const params = parse(z.object({ submitted_values: z.array(object).nullish() }), body)
  const { contentAttributes } = message
  saveMessage(world, message, {
    contentAttributes: { ...contentAttributes, submitted_values: params.submitted_values ?? [] },
  })
  return publicMessageJson(world, message)
}

function toggleTyping(request: PublicRequest): void {
  const { pk, contactId } = conversationAt(request)
  const { typing_status: status } = parse(z.object({ typing_status: text }), request.body)
  if (status !== 'on' && status !== 'off') return
  const user = { type: 'Contact', id: contactId } as const
  request.world.emit({ event: `conversation_typing_${status}`, pk, user, isPrivate: false })
}

/** Marks every message that is not incoming as read (docs/platforms/chatwoot.md#public-api). */
function markSeen(request: PublicRequest): void {
  const { world } = request
  const conversation = conversationAt(request)
  conversation.contactLastSeenAt = world.clock.now()
  for (const message of threadOf(world, conversation))
    if (message.messageType !== 'incoming') reportStatus(world, message, 'read')
  world.signal.ring()
}

function toggleStatus(request: PublicRequest): Json {
  const conversation = conversationAt(request)
  const { contact } = request.contact()
  setStatus(request.world, conversation, { type: 'Contact', contact }, 'resolved')
  return shown(request, conversation)
}

const ALL = '/contacts/:source/conversations'
const ONE = `${ALL}/:conversation`

/** Conversations of the public API. */
export const publicConversationRoutes: PublicRoute[] = [
  { method: 'POST', path: ALL, handle: create },
  {
    method: 'GET',
    path: ALL,
    handle: (request) => conversationsOf(request).map((one) => shown(request, one)),
  },
  { method: 'GET', path: ONE, handle: (request) => shown(request, conversationAt(request)) },
  { method: 'GET', path: `${ONE}/messages`, handle: messages },
  { method: 'POST', path: `${ONE}/messages`, handle: addMessage },
  { method: 'PATCH', path: `${ONE}/messages/:message`, handle: submit },
  { method: 'POST', path: `${ONE}/toggle_typing`, handle: toggleTyping },
  { method: 'POST', path: `${ONE}/update_last_seen`, handle: markSeen },
  { method: 'POST', path: `${ONE}/toggle_status`, handle: toggleStatus },
]
