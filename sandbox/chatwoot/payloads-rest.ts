import { unreadCount } from './conversations.ts'
import { crashed } from './errors.ts'
import { contactInboxesOf, related, threadOf } from './lookups.ts'
import {
  canReply,
  IN_ANSWERS,
  MESSAGE_TYPE_NUMBER,
  optionalParts,
  pushMessage,
  pushParty,
  thumbnailOf,
} from './payloads-push.ts'
import type { World } from './state.ts'
import { floatSeconds, iso, unix } from './times.ts'
import type { Contact, ContactInbox, Conversation, Inbox, Json, Message, User } from './types.ts'

/** An inbox as it appears next to a source id. */
export const slimInbox = (inbox: Inbox): Json => ({
  id: inbox.id,
  avatar_url: '',
  channel_id: inbox.channelId,
  name: inbox.name,
  channel_type: inbox.channelType,
  provider: null,
})

export const contactInboxJson = (world: World, row: ContactInbox): Json => ({
  source_id: row.sourceId,
  inbox: slimInbox(related(world.inboxes, row.inboxId)),
})

/** The contact object (docs/platforms/chatwoot.md#contacts). */
export function contactJson(world: World, contact: Contact, withInboxes = true): Json {
  return {
    additional_attributes: contact.additionalAttributes,
    availability_status: 'offline',
    email: contact.email,
    id: contact.id,
    name: contact.name,
    phone_number: contact.phoneNumber,
    blocked: contact.blocked,
    identifier: contact.identifier,
    thumbnail: thumbnailOf(world, contact),
    custom_attributes: contact.customAttributes,
    ...(contact.lastActivityAt === null ? {} : { last_activity_at: unix(contact.lastActivityAt) }),
    created_at: unix(contact.createdAt),
    ...(withInboxes
      ? {
          contact_inboxes: contactInboxesOf(world, contact.id).map((row) =>
            contactInboxJson(world, row),
          ),
        }
      : {}),
  }
}

/** An agent as an assignee or in the list of agents. */
export function agentJson(world: World, user: User, accountId: number): Json {
  return {
    id: user.id,
    account_id: accountId,
    availability_status: 'offline',
    auto_offline: true,
    confirmed: true,
    email: user.email,
    ...(world.has('laterFields') ? { provider: 'email' } : {}),
    available_name: user.availableName,
    name: user.name,
    role: user.roles[accountId] ?? 'agent',
    thumbnail: '',
    custom_role_id: null,
  }
}

/** `meta` of a conversation; `assignee` is missing when there is none. */
function conversationMeta(world: World, conversation: Conversation): Json {
  const { assignee, accountId } = conversation
  return {
    sender: contactJson(world, related(world.contacts, conversation.contactId), false),
    channel: related(world.inboxes, conversation.inboxId).channelType,
    ...(assignee === null
      ? {}
      : {
          assignee:
            assignee.type === 'User'
              ? agentJson(world, related(world.users, assignee.id), accountId)
              : pushParty(world, assignee, IN_ANSWERS),
          ...(world.has('assigneeType') ? { assignee_type: assignee.type } : {}),
        }),
    hmac_verified: false,
  }
}

/** The conversation object (docs/platforms/chatwoot.md#reading-conversations). */
export function conversationJson(world: World, conversation: Conversation): Json {
  if (world.broken.has(conversation)) throw crashed()
  const thread = threadOf(world, conversation)
  const spoken = thread.findLast((message) => message.messageType !== 'activity')
  const stored = (message: Message) => pushMessage(world, message, message.content, IN_ANSWERS)
  const contact = related(world.contacts, conversation.contactId)
  return {
    meta: conversationMeta(world, conversation),
    id: conversation.id,
    messages: thread.slice(-1).map(stored),
    account_id: conversation.accountId,
    uuid: conversation.uuid,
    additional_attributes: conversation.additionalAttributes,
    agent_last_seen_at: unix(conversation.agentLastSeenAt),
    assignee_last_seen_at: unix(conversation.assigneeLastSeenAt),
    can_reply: canReply(world, conversation),
    contact_last_seen_at: unix(conversation.contactLastSeenAt),
    custom_attributes: conversation.customAttributes,
    inbox_id: conversation.inboxId,
    labels: conversation.labels,
    muted: contact.blocked,
    snoozed_until: iso(conversation.snoozedUntil),
    status: conversation.status,
    created_at: unix(conversation.createdAt),
    updated_at: floatSeconds(conversation.updatedAt),
    timestamp: unix(conversation.lastActivityAt),
    first_reply_created_at: unix(conversation.firstReplyCreatedAt),
    unread_count: unreadCount(world, conversation),
    last_non_activity_message: spoken === undefined ? null : stored(spoken),
    last_activity_at: unix(conversation.lastActivityAt),
    priority: conversation.priority,
    waiting_since: unix(conversation.waitingSince),
    sla_policy_id: null,
  }
}

/** The answer to everything done with one message (docs/platforms/chatwoot.md#creating-messages). */
export function messageJson(world: World, message: Message, echoId?: unknown): Json {
  return {
    id: message.id,
    content: message.content,
    inbox_id: message.inboxId,
    ...(echoId === undefined ? {} : { echo_id: echoId }),
    conversation_id: message.conversationId,
    message_type: MESSAGE_TYPE_NUMBER[message.messageType],
    content_type: message.contentType,
    status: message.status,
    content_attributes: message.contentAttributes,
    created_at: unix(message.createdAt),
    private: message.private,
    source_id: message.sourceId,
    ...optionalParts(world, message, IN_ANSWERS),
  }
}
